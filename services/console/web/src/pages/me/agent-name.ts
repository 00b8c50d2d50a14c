const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const SYSTEMS = [
  ['Windows', 'Windows'],
  ['Android', 'Android'],
  ['iPhone', 'iOS'],
  ['iPad', 'iOS'],
  ['Mac OS X', 'macOS'],
  ['HarmonyOS', 'HarmonyOS'],
  ['Linux', 'Linux'],
] as const;

/** What a browser calls itself, in two words; what is not known stays as it was sent, cut. */
export function agentName(agent: string): string {
  const browser = BROWSERS.find(([mark]) => agent.includes(mark));
  if (browser === undefined) return agent === '' ? '—' : agent.slice(0, 40);
  const [mark, name] = browser;
  const version = agent.slice(agent.indexOf(mark) + mark.length).match(/^\d+/)?.[0] ?? '';
  const system = SYSTEMS.find(([sign]) => agent.includes(sign))?.[1];
  return [`${name} ${version}`.trim(), system].filter(Boolean).join(' · ');
}
