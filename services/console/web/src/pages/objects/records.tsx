import type { IncidentSummary, Maintenance, ObjectDetail } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Duration, Moment, Since } from '../../parts/since.tsx';
import { useNow } from '../../parts/use-now.ts';
import { standOfMaintenance } from '../plans/plan-state.ts';
import { STANDS } from '../plans/stand-words.ts';
import { RELATIONS } from './relation-words.ts';

const SHOWN = 50;

/** What is on record of the object: incidents, past and under way, and planned work. */
export function Records({ object }: { object: ObjectDetail }) {
  return (
    <div className="object-pair">
      <Incidents id={object.id} />
      <Plans id={object.id} />
    </div>
  );
}

function Incidents({ id }: { id: string }) {
  const { titleOf } = useNaming();
  const words = useWords(RELATIONS);
  const common = useWords(COMMON);
  const { data, error, refetch } = useQuery({
    queryKey: ['/incidents', 'of', id],
    queryFn: ({ signal }) => get<{ items: IncidentSummary[] }>('/incidents', { object: id, limit: SHOWN }, signal),
  });
  return (
    <section className="card" aria-labelledby="incidents-title">
      <h2 id="incidents-title">{words.incidents}</h2>
      {error !== null && data === undefined ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined ? null : data.items.length === 0 ? (
        <p className="soft">{words.noIncidents}</p>
      ) : (
        <div className="object-table-ground object-table-scroll">
          <table className="object-table">
            <thead>
              <tr>
                {[words.severity, words.title, words.started, words.length, words.state, words.owner].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((incident) => (
                <tr key={incident.id}>
                  <td>
                    <SeverityMark severity={incident.severity} />
                  </td>
                  <td>
                    <Link to={`/incidents/${encodeURIComponent(incident.id)}`}>
                      #{incident.number} {titleOf(incident)}
                    </Link>
                  </td>
                  <td>
                    <Moment at={incident.startedAt} parts="minute" />
                  </td>
                  <td>
                    {incident.resolvedAt === null ? (
                      <Since at={incident.startedAt} />
                    ) : (
                      <Duration ms={Math.max(0, Date.parse(incident.resolvedAt) - Date.parse(incident.startedAt))} />
                    )}
                  </td>
                  <td>{common.incidentStates[incident.state]}</td>
                  <td>{incident.owner ?? (incident.state === 'open' ? <strong>{words.nobody}</strong> : '—')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Plans({ id }: { id: string }) {
  const words = useWords(RELATIONS);
  const { data, error, refetch } = useQuery({
    queryKey: ['/maintenance', 'of', id],
    queryFn: ({ signal }) => get<{ items: Maintenance[] }>('/maintenance', { object: id, limit: SHOWN }, signal),
    staleTime: 30_000,
  });
  return (
    <section className="card" aria-labelledby="plans-title">
      <h2 id="plans-title">{words.plans}</h2>
      {error !== null && data === undefined ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {data === undefined ? null : data.items.length === 0 ? (
        <p className="soft">{words.noPlans}</p>
      ) : (
        <div className="object-table-ground object-table-scroll">
          <table className="object-table">
            <thead>
              <tr>
                {[words.planTitle, words.from, words.to, words.state].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((plan) => (
                <Plan key={plan.id} plan={plan} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Plan({ plan }: { plan: Maintenance }) {
  const words = useWords(RELATIONS);
  const stands = useWords(STANDS);
  const stand = standOfMaintenance(plan, useNow());
  return (
    <tr>
      <td>{plan.title}</td>
      <td>
        <Moment at={plan.startsAt} parts="minute" />
      </td>
      <td>
        <Moment at={plan.endsAt} parts="minute" />
      </td>
      <td>
        {stands[stand]}
        {stand === 'cancelled' || stand === 'to-approve' ? null : (
          <span className="object-below soft">
            {plan.excludedFromAvailability || stand === 'planned' ? words.counted : words.notCounted}
          </span>
        )}
      </td>
    </tr>
  );
}
