import type { IncidentDetail } from '@beacontower/contracts';
import { useId } from 'react';
import { Link } from 'react-router';
import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { DETAIL } from './detail-words.ts';

type Radius = NonNullable<IncidentDetail['blast']>['lost'];

/** Whom it cuts off, and who has lost redundancy alone. */
export function BlastCard({ incident }: { incident: IncidentDetail }) {
  const words = useWords(DETAIL);
  const { node } = useSession();
  const id = useId();
  const { blast, kind } = incident;
  if (blast === null && kind !== 'outage') return null;
  return (
    <section className="card" aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{words.blast}</h2>
        {blast === null ? null : <span className="soft">{words.asOf(formatTime(blast.at, node.timeZone))}</span>}
      </header>
      {blast === null ? (
        <p className="soft">{words.noBlast}</p>
      ) : (
        <dl className="pairs">
          <Part term={words.lost} radius={blast.lost} />
          <Part term={words.redundancy} radius={blast.redundancy} />
        </dl>
      )}
    </section>
  );
}

function Part({ term, radius }: { term: string; radius: Radius }) {
  const { nameOf } = useNaming();
  const words = useWords(DETAIL);
  const { objects, units, services, named } = radius;
  return (
    <div>
      <dt className="soft">{term}</dt>
      <dd>
        {objects === 0 ? words.nobodyLost : words.radius(objects, units, services)}
        <span className="line-objects">
          {named.map((object) => (
            <Link key={object.id} to={`/objects/${encodeURIComponent(object.id)}`}>
              {nameOf(object)}
            </Link>
          ))}
          {objects > named.length && named.length > 0 ? <span className="soft">+{objects - named.length}</span> : null}
        </span>
      </dd>
    </div>
  );
}
