import type { Wall } from '@beacontower/contracts';
import { memo } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { SeverityShape } from '../../parts/severity-mark.tsx';
import { Since } from '../../parts/since.tsx';
import { StateShape } from '../../parts/state-mark.tsx';
import { headlineOf } from './order.ts';
import { Owner } from './owner.tsx';
import { WALL } from './words.ts';

/** The name of the tile a division lies in. */
export function useWhere(tiles: Wall['tiles']): (division: string) => string {
  const { nameOf } = useNaming();
  return (division) => {
    const tile = tiles.find((one) => division === one.division || division.startsWith(`${one.division}.`));
    return tile === undefined ? '' : nameOf(tile);
  };
}

/** What is wrong, where, since when, and who has it: the one line that is read from the door. */
export const Headline = memo(function Headline({ wall, stale, flash }: { wall: Wall; stale: boolean; flash: boolean }) {
  const words = useWords(WALL);
  const common = useWords(COMMON);
  const where = useWhere(wall.tiles);
  const { titleOf } = useNaming();
  const headline = headlineOf(wall);
  const flashing = flash ? ' flash' : '';
  if (headline.kind === 'incident') {
    const { incident, others } = headline;
    const place = where(incident.division);
    const title = titleOf(incident);
    return (
      <div className={`headline headline-${incident.severity}${flashing}`}>
        <span className="headline-shape">
          <SeverityShape severity={incident.severity} size="1.5em" />
          <span>{common.severities[incident.severity]}</span>
        </span>
        <Link to={`/incidents/${incident.id}`} className="headline-what">
          {place === '' || title.includes(place) ? null : <span>{place}</span>}
          <strong>{title}</strong>
        </Link>
        <span className="headline-since">
          <Since at={incident.startedAt} />
        </span>
        <Owner incident={incident} />
        {others > 0 ? (
          <Link to="/incidents" className="headline-others">
            {words.others(others)}
          </Link>
        ) : null}
      </div>
    );
  }
  const state =
    stale || headline.kind === 'unknown' ? 'unknown' : headline.kind === 'quiet' ? 'up' : headline.down > 0 ? 'down' : 'degraded';
  return (
    <div className={`headline headline-${state}${flashing}`}>
      <span className="headline-shape">
        <StateShape state={state} size="1.5em" />
      </span>
      <strong className="headline-what">
        {headline.kind === 'trouble'
          ? words.trouble(headline.down, headline.degraded)
          : headline.kind === 'unknown'
            ? words.nothingKnown(headline.unknown)
            : stale
              ? common.states.unknown
              : words.quiet}
      </strong>
    </div>
  );
});
