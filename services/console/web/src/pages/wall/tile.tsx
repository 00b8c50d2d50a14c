import type { WallTile } from '@beacontower/contracts';
import { formatPercent } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { nameOf } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { SeverityShape } from '../../parts/severity-mark.tsx';
import { Since } from '../../parts/since.tsx';
import { StateShape } from '../../parts/state-mark.tsx';
import { LinkMark } from './link-mark.tsx';
import { Owner } from './owner.tsx';
import type { TilePlace } from './tile-map.ts';
import { WALL } from './words.ts';

interface TileProps {
  readonly tile: WallTile;
  readonly place: TilePlace;
  /** Up to when it is true, when that is long ago; null: it is true now. */
  readonly asOf: string | null;
  readonly tabIndex: number;
  readonly onOpen: () => void;
  readonly onFocus: () => void;
}

/** One province: its state as a shape, a word and a ground, since when, its availability, and its worst incident with who has it. */
export function Tile({ tile, place, asOf, tabIndex, onOpen, onFocus }: TileProps) {
  const words = useWords(WALL);
  const common = useWords(COMMON);
  const { language } = useLanguage();
  const state = asOf === null ? tile.state : 'unknown';
  const { worst } = tile;
  return (
    <button
      type="button"
      className={`tile tile-${state}${asOf === null ? '' : ' stale'}`}
      data-division={tile.division}
      style={{ gridRow: place.row + 1, gridColumn: place.column + 1 }}
      tabIndex={tabIndex}
      onClick={onOpen}
      onFocus={onFocus}
    >
      <span className="tile-head">
        <StateShape state={tile.state} size="1.1em" />
        <span className="tile-name">{nameOf(tile, language)}</span>
        {tile.maintenance ? (
          <span className="tile-work" title={common.maintenance}>
            ⚒<span className="unseen">{common.maintenance}</span>
          </span>
        ) : null}
        <LinkMark link={tile.link} />
      </span>
      <span className="tile-state">
        {asOf !== null ? words.asOf(asOf) : isBlind(tile) ? words.links.silent : common.states[tile.state]}
        {asOf === null && tile.state !== 'up' ? (
          <>
            {' '}
            <Since at={tile.since ?? worst?.startedAt ?? null} short />
          </>
        ) : null}
      </span>
      <span className="tile-worst">
        {worst === null ? (
          <span className="tile-reason">
            {asOf !== null ? common.states[tile.state] : tile.reason === 'all-up' ? '' : words.reasons[tile.reason]}
          </span>
        ) : (
          <>
            <span className={`severity-${worst.severity} tile-severity`}>
              <SeverityShape severity={worst.severity} size="1em" />
              <span className="unseen">{common.severities[worst.severity]}</span>
            </span>
            <Owner incident={worst} />
          </>
        )}
      </span>
      {asOf === null && tile.reason === 'node-silent-landing-up' ? (
        <span className="tile-figure">{words.landingUp}</span>
      ) : (
        <span className="tile-figure figures">{formatPercent(tile.availability?.value ?? null, 2)}</span>
      )}
    </button>
  );
}

// Of a province that is not heard that is said, and not only that nobody knows.
const isBlind = ({ reason }: WallTile): boolean => reason === 'node-silent' || reason === 'node-silent-landing-up';
