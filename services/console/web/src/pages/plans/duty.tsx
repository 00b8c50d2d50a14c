import type { RotaSchedule, RotaView } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { get } from '../../api/client.ts';
import { useNames } from '../../api/use-names.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/since.tsx';
import { StaleNote } from '../../parts/stale-note.tsx';
import { Overrides } from './overrides.tsx';
import { PLANS } from './words.ts';

/** Who is on duty in each rota, until when, who comes next, and who stands in. */
export function Duty() {
  const words = useWords(PLANS);
  const { data, error, isPending, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['/rotas'],
    queryFn: ({ signal }) => get<{ items: RotaView[] }>('/rotas', {}, signal),
    refetchInterval: 60_000,
  });
  if (isPending) return <Loading />;
  if (data === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <EmptyState title={words.noRotas} />;
  return (
    <>
      {error === null ? null : <StaleNote at={dataUpdatedAt} text={words.stale} />}
      <div className="rotas">
        {data.items.map((rota) => (
          <Rota key={rota.id} rota={rota} />
        ))}
      </div>
    </>
  );
}

function Rota({ rota }: { rota: RotaView }) {
  const words = useWords(PLANS);
  const { language } = useLanguage();
  const { person } = useNames();
  const id = useId();
  const [open, setOpen] = useState(false);
  const { now, next, otherwise } = rota;
  return (
    <section className="card rota" aria-labelledby={id}>
      <h2 id={id}>
        {language === 'en' ? (rota.nameEn ?? rota.name) : rota.name} <span className="soft rota-zone">{rota.timeZone}</span>
      </h2>
      <p className="soft">{words.onDuty}</p>
      <p className="rota-now">
        {now.because === 'nobody' || now.contact === null ? (
          <span className="nobody">{words.nobody}</span>
        ) : (
          <>
            <strong>{now.name ?? now.contact}</strong> <span className="soft">{words.because[now.because]}</span>
          </>
        )}
      </p>
      <p>
        {now.until === null ? null : (
          <>
            {words.until} <Moment at={now.until} parts="minute" />
          </>
        )}
        {next === null ? null : (
          <>
            {' · '}
            {words.next} <strong>{next.name ?? next.contact ?? words.nobodyNext}</strong> <Moment at={next.at} parts="minute" />
          </>
        )}
      </p>
      {otherwise === null ? null : <p className="soft">{words.otherwise(person(otherwise))}</p>}
      <Overrides rota={rota.id} />
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{words.schedule}</summary>
        {open ? <Schedule rota={rota.id} /> : null}
      </details>
    </section>
  );
}

function Schedule({ rota }: { rota: string }) {
  const words = useWords(PLANS);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['/rotas', rota, 'schedule'],
    queryFn: ({ signal }) => get<RotaSchedule>(`/rotas/${encodeURIComponent(rota)}/schedule`, {}, signal),
  });
  if (isPending) return <Loading />;
  if (data === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {data.gaps.length > 0 ? <p className="refusal">{words.gaps(data.gaps.length)}</p> : null}
      <ol className="schedule">
        {data.spans.map((span) => (
          <li key={span.from} className={span.contact === null ? 'gap' : undefined}>
            <Moment at={span.from} parts="minute" />
            <span>{span.name ?? span.contact ?? words.nobodyNext}</span>
            <span className="soft">
              {words.because[span.because]}
              {span.reason === null ? '' : ` · ${span.reason}`}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
