import type { Wall, WallTile } from '@beacontower/contracts';
import { type KeyboardEvent, memo, useMemo, useState } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { StateShape } from '../../parts/state-mark.tsx';
import { countTiles } from './order.ts';
import { Tile } from './tile.tsx';
import { TileDialog } from './tile-dialog.tsx';
import { layTiles, neighbour } from './tile-map.ts';
import { WALL } from './words.ts';

const ALL_STATES = ['down', 'degraded', 'unknown', 'up'] as const;

/** The country as tiles. One stop of the tabulator: arrows go from tile to tile, Enter opens one. */
export const Tiles = memo(function Tiles({ wall, asOf }: { wall: Wall; asOf: string | null }) {
  const words = useWords(WALL);
  const [opened, setOpened] = useState<string | null>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const map = useMemo(() => layTiles(wall.tiles), [wall.tiles]);
  const tiles = useMemo(
    () => wall.tiles.toSorted((a, b) => order(map.places.get(a.division)) - order(map.places.get(b.division))),
    [map, wall.tiles],
  );
  const reachable = tiles.some(({ division }) => division === current) ? current : tiles[0]?.division;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const from = (event.target as HTMLElement).getAttribute('data-division');
    const to = from === null ? null : neighbour(map, from, event.key);
    if (to === null) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-division="${CSS.escape(to)}"]`)?.focus();
  };
  const open = wall.tiles.find(({ division }) => division === opened);
  return (
    <section
      className="wall-map"
      aria-label={words.map}
      style={{ gridTemplateColumns: `repeat(${map.columns}, minmax(0, 1fr))`, gridTemplateRows: `repeat(${map.rows}, minmax(0, 1fr))` }}
      onKeyDown={onKeyDown}
    >
      {tiles.map((tile: WallTile) => {
        const place = map.places.get(tile.division);
        return place === undefined ? null : (
          <Tile
            key={tile.division}
            tile={tile}
            place={place}
            asOf={asOf}
            tabIndex={tile.division === reachable ? 0 : -1}
            onOpen={() => setOpened(tile.division)}
            onFocus={() => setCurrent(tile.division)}
          />
        );
      })}
      {map.country ? <TileKey tiles={wall.tiles} /> : null}
      <TileDialog tile={open ?? null} onClose={() => setOpened(null)} />
    </section>
  );
});

function order(place: { row: number; column: number } | undefined): number {
  return place === undefined ? Number.MAX_SAFE_INTEGER : place.row * 100 + place.column;
}

/** What the signs mean, and how many tiles show each. */
function TileKey({ tiles }: { tiles: Wall['tiles'] }) {
  const words = useWords(WALL);
  const { states } = useWords(COMMON);
  const counts = countTiles(tiles);
  return (
    <ul className="tile-key" aria-label={words.key}>
      {ALL_STATES.map((state) => (
        <li key={state} className={`state-${state}`}>
          <StateShape state={state} size="1em" />
          <span>{states[state]}</span>
          <span className="figures">{counts[state]}</span>
        </li>
      ))}
    </ul>
  );
}
