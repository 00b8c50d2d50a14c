import type { IncidentDetail, IncidentLink } from '@beacontower/contracts';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { DETAIL } from './detail-words.ts';
import { useIncident } from './use-incident.ts';

/** The incidents it has to do with: merged into it or it into another, split off or from. */
export function IncidentLinks({ incident }: { incident: IncidentDetail }) {
  const words = useWords(DETAIL);
  const { mergedInto, merged, splitFrom, splits } = incident;
  if (mergedInto === null && merged.length === 0 && splitFrom === null && splits.length === 0) return null;
  return (
    <section className="card incident-links">
      {mergedInto === null ? null : <MergedInto id={mergedInto} />}
      <Some label={words.merged} links={merged} />
      <Some label={words.splitFrom} links={splitFrom === null ? [] : [splitFrom]} />
      <Some label={words.splits} links={splits} />
    </section>
  );
}

function MergedInto({ id }: { id: string }) {
  const words = useWords(DETAIL);
  const { data } = useIncident(id);
  const { titleOf } = useNaming();
  return (
    <p>
      <strong>{words.mergedInto}</strong>{' '}
      <Link to={`/incidents/${id}`}>{data === undefined ? '…' : `#${data.number} ${titleOf(data)}`}</Link>
    </p>
  );
}

function Some({ label, links }: { label: string; links: readonly IncidentLink[] }) {
  const { incidentStates } = useWords(COMMON);
  const { titleOf } = useNaming();
  if (links.length === 0) return null;
  return (
    <div>
      <strong>{label}</strong>
      <ul>
        {links.map(({ id, number, title, titles, state }) => (
          <li key={id}>
            <Link to={`/incidents/${id}`}>
              <span className="figures">#{number}</span> {titleOf({ title, titles })}
            </Link>{' '}
            <span className="soft">{incidentStates[state]}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
