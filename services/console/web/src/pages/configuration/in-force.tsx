import type { ConfigurationInForce } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/since.tsx';
import { readable } from './readable.ts';
import { CONFIGURATION } from './words.ts';

type Kind = ConfigurationInForce['kinds'][number];

/** What holds now, by kind; each kind opens to its entries. */
export function InForce() {
  const words = useWords(CONFIGURATION);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['configuration'],
    queryFn: ({ signal }) => get<ConfigurationInForce>('/configuration', {}, signal),
    staleTime: 30_000,
  });
  if (isPending) return <Loading />;
  if (data === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <div className="stack">
      <p className="soft configuration-head">
        {data.appliedAt === null ? (
          words.never
        ) : (
          <>
            {words.version} <strong className="figures">{data.version}</strong> · {words.applied} <Moment at={data.appliedAt} />{' '}
            {data.appliedBy === null ? '' : words.by(data.appliedBy)}
          </>
        )}{' '}
        · {words.noSecrets}
      </p>
      {data.kinds.map((kind) => (
        <KindCard key={kind.kind} kind={kind} />
      ))}
    </div>
  );
}

function KindCard({ kind }: { kind: Kind }) {
  const words = useWords(CONFIGURATION);
  const [open, setOpen] = useState(false);
  const origins = Object.entries(kind.byOrigin).map(([origin, count]) => `${words.originNames[origin] ?? origin} ${count}`);
  return (
    <details className="card configuration-kind" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{words.kinds[kind.kind] ?? kind.kind}</h2>
        <span className="figures">{kind.total.toLocaleString('en')}</span>
        <span className="soft">{origins.join(' · ')}</span>
        {words.kinds[kind.kind] === undefined ? null : <code className="soft">{kind.kind}</code>}
      </summary>
      {open ? <Items kind={kind} /> : null}
    </details>
  );
}

function Items({ kind }: { kind: Kind }) {
  const words = useWords(CONFIGURATION);
  const [typed, setTyped] = useState('');
  const shown = kind.items.filter(({ id }) => id.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <div className="stack">
      {kind.items.length > 8 ? (
        <div className="toolbar">
          <Field label={words.filter} value={typed} onChange={setTyped} autoComplete="off" required={false} />
          {kind.total > kind.items.length ? <span className="soft">{words.first(kind.items.length, kind.total)}</span> : null}
        </div>
      ) : null}
      {shown.length === 0 ? <EmptyState title={words.none} /> : null}
      {shown.map(({ id, origin, validFrom, body }) => (
        <details key={id} className="configuration-item">
          <summary>
            <span className="figures">{id}</span>
            <span className="soft">
              {words.originNames[origin] ?? origin} · {words.validFrom} <Moment at={validFrom} parts="minute" />
            </span>
          </summary>
          <pre>{readable(body).trimStart()}</pre>
        </details>
      ))}
    </div>
  );
}
