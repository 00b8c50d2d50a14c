const TOWER = `<path d="M9 37 12 17h14l3 20z" fill="#e8edf2"/><path d="M8 13h22v4H8z" fill="#e8edf2"/><path d="M16 37v-7h6v7z" fill="#1b2733"/>
<path d="M19 1c4 4 5 6 5 8a5 4 0 0 1-10 0c0-2 3-3 5-8z" fill="#f0833a"/>`;

/** The beacon tower alone, for the tab of a browser. */
export const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 38 38"><rect width="38" height="38" rx="6" fill="#1b2733"/>${TOWER}</svg>`;

/** The tower and the name on a dark bar. */
export const LOGO_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 260 38" width="260" height="38">${TOWER}
<text x="44" y="27" font-family="system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif" font-size="21" font-weight="600" fill="#fff">烽台 Beacontower</text></svg>`;
