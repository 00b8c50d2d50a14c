import type { IncidentSummary, Wall } from '@beacontower/contracts';
import { memo } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { SeverityShape } from '../../parts/severity-mark.tsx';
import { Since } from '../../parts/since.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useWhere } from './headline.tsx';
import { byUrgency } from './order.ts';
import { Owner } from './owner.tsx';
import { useFit } from './use-fit.ts';
import { WALL } from './words.ts';

const SEVERITIES = ['critical', 'major', 'minor', 'warning'] as const;
const ROW_EM = 2.3;
const NEW_MS = 120_000;

/** Incidents under way, what wants a hand first at the top. */
export const Incidents = memo(function Incidents({ wall }: { wall: Wall }) {
  const words = useWords(WALL);
  const common = useWords(COMMON);
  const { ref, fits } = useFit<HTMLOListElement>(ROW_EM);
  const where = useWhere(wall.tiles);
  const { bySeverity, unacknowledged, first } = wall.incidents;
  const all = SEVERITIES.reduce((sum, severity) => sum + bySeverity[severity], 0);
  const shown = first.toSorted(byUrgency).slice(0, fits);
  return (
    <section className="wall-panel wall-incidents" aria-labelledby="wall-incidents">
      <header>
        <h2 id="wall-incidents">
          <Link to="/incidents">{words.incidents}</Link>
        </h2>
        <span className="wall-severities">
          {SEVERITIES.filter((severity) => bySeverity[severity] > 0).map((severity) => (
            <span key={severity} className={`severity-${severity}`} title={common.severities[severity]}>
              <SeverityShape severity={severity} size="1em" />
              <span>{common.severities[severity]}</span> <b className="figures">{bySeverity[severity]}</b>
            </span>
          ))}
        </span>
        {unacknowledged > 0 ? <strong className="wall-waiting">{words.unacknowledged(unacknowledged)}</strong> : null}
      </header>
      <ol ref={ref}>
        {shown.map((incident) => (
          <Row key={incident.id} incident={incident} where={where(incident.division)} />
        ))}
        {all === 0 ? <li className="wall-none">{words.noneOpen}</li> : null}
      </ol>
      {all > shown.length ? (
        <Link to="/incidents" className="wall-more">
          {words.moreIncidents(all - shown.length)}
        </Link>
      ) : null}
    </section>
  );
});

function Row({ incident, where }: { incident: IncidentSummary; where: string }) {
  const words = useWords(WALL);
  const common = useWords(COMMON);
  const { titleOf } = useNaming();
  const fresh = useNow() - Date.parse(incident.openedAt) < NEW_MS;
  return (
    <li className={`wall-incident severity-edge-${incident.severity}${incident.taken && incident.owner === null ? ' unowned' : ''}`}>
      <Link to={`/incidents/${incident.id}`}>
        <span className={`severity-${incident.severity}`}>
          <SeverityShape severity={incident.severity} size="1.15em" />
          <span className="unseen">{common.severities[incident.severity]}</span>
        </span>
        <span className="wall-where">{where}</span>
        <span className="wall-what">
          {fresh ? <em>{words.fresh}</em> : null}
          {titleOf(incident)}
        </span>
        <Since at={incident.startedAt} />
        <Owner incident={incident} />
      </Link>
    </li>
  );
}
