/**
 * Where each province stands when the country is drawn as tiles of one size: beside those it borders on, as far as a grid allows. Drawn by
 * us; it shows no borders, and says nothing about any. West and east of a row are true, so Hainan stands between Guangxi and Guangdong.
 */
const ROWS = [
  'XJ .  .  NM BJ LN JL HL',
  'BT QH GS NX SX HE TJ . ',
  'XZ .  .  SN HA SD JS SH',
  '.  .  SC CQ HB AH ZJ . ',
  '.  .  YN GZ HN JX FJ . ',
  '.  .  .  GX HI GD .  . ',
] as const;

/** GB/T 2260 codes of provinces by what their tile is called. */
const LETTERS: Readonly<Record<string, string>> = {
  '11': 'BJ',
  '12': 'TJ',
  '13': 'HE',
  '14': 'SX',
  '15': 'NM',
  '21': 'LN',
  '22': 'JL',
  '23': 'HL',
  '31': 'SH',
  '32': 'JS',
  '33': 'ZJ',
  '34': 'AH',
  '35': 'FJ',
  '36': 'JX',
  '37': 'SD',
  '41': 'HA',
  '42': 'HB',
  '43': 'HN',
  '44': 'GD',
  '45': 'GX',
  '46': 'HI',
  '50': 'CQ',
  '51': 'SC',
  '52': 'GZ',
  '53': 'YN',
  '54': 'XZ',
  '61': 'SN',
  '62': 'GS',
  '63': 'QH',
  '64': 'NX',
  '65': 'XJ',
  // The Corps has no code of its own in the list: other names it goes by.
  XPCC: 'BT',
  XB: 'BT',
  XC: 'BT',
};

const PLACES = new Map(
  ROWS.flatMap((row, line) =>
    row
      .split(/\s+/)
      .map((letters, column) => [letters, { row: line, column }] as const)
      .filter(([letters]) => letters !== '.' && letters !== ''),
  ),
);

/** A tile's place in the grid, from 0. */
export interface TilePlace {
  readonly row: number;
  readonly column: number;
}
export interface TileMap {
  readonly rows: number;
  readonly columns: number;
  /** By division. */
  readonly places: ReadonlyMap<string, TilePlace>;
  /** The country: free cells at the lower left take the key to the signs. */
  readonly country: boolean;
}

interface Placed {
  readonly division: string;
  readonly code: string | null;
}

function placeOf({ division, code }: Placed): TilePlace | undefined {
  for (const name of [code, division.split('.').at(-1)]) {
    if (name === null || name === undefined) continue;
    const letters = name.toUpperCase();
    const place = PLACES.get(letters) ?? PLACES.get(LETTERS[letters] ?? LETTERS[letters.slice(0, 2)] ?? '');
    if (place) return place;
  }
  return undefined;
}

/** Provinces are placed as on a map; when most of what is given are none (a province's own node), all are placed one after the other. */
export function layTiles(tiles: readonly Placed[]): TileMap {
  const taken = new Set<string>();
  const places = new Map<string, TilePlace>();
  for (const tile of tiles) {
    const place = placeOf(tile);
    if (place === undefined || taken.has(`${place.row}:${place.column}`)) continue;
    taken.add(`${place.row}:${place.column}`);
    places.set(tile.division, place);
  }
  if (places.size * 2 <= tiles.length) return inOrder(tiles);
  const columns = 8;
  // What has no place of its own stands below, not among those that have.
  const rest = tiles.filter(({ division }) => !places.has(division));
  rest.forEach(({ division }, index) => {
    places.set(division, { row: ROWS.length + Math.floor(index / columns), column: index % columns });
  });
  return { rows: ROWS.length + Math.ceil(rest.length / columns), columns, places, country: true };
}

function inOrder(tiles: readonly Placed[]): TileMap {
  const columns = Math.max(1, Math.ceil(Math.sqrt(tiles.length * 1.4)));
  const places = new Map(
    tiles.map(({ division }, index) => [division, { row: Math.floor(index / columns), column: index % columns }] as const),
  );
  return { rows: Math.max(1, Math.ceil(tiles.length / columns)), columns, places, country: false };
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The tile an arrow key goes to: the nearest in that direction, what lies straight ahead before what lies aside. */
export function neighbour(map: TileMap, division: string, key: string): string | null {
  const from = map.places.get(division);
  const direction = ARROWS[key];
  if (from === undefined || direction === undefined) return null;
  const [down, right] = direction;
  let best: { division: string; distance: number } | null = null;
  for (const [other, place] of map.places) {
    const ahead = (place.row - from.row) * down + (place.column - from.column) * right;
    if (ahead <= 0) continue;
    const aside = Math.abs((place.row - from.row) * right) + Math.abs((place.column - from.column) * down);
    const distance = ahead + 3 * aside;
    if (best === null || distance < best.distance) best = { division: other, distance };
  }
  return best?.division ?? null;
}
