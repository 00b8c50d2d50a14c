import type { SelfReport } from '@beacontower/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ApiError, get } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import { Moment } from '../../parts/since.tsx';
import { useNow } from '../../parts/use-now.ts';
import '../../parts/cards.css';
import { Findings } from './findings.tsx';
import './health.css';
import { Lags } from './lags.tsx';
import { Heartbeat, Machine, RedisCard, StoreCard } from './machine.tsx';
import { Queues, Roles, Rounds } from './roles.tsx';
import { isStale } from './scale.ts';
import { HEALTH } from './words.ts';

/** What the node knows of itself: what is wrong, since when, what to do; and the figures it says that by. */
export default function HealthPage() {
  const words = useWords(HEALTH);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['self'],
    queryFn: ({ signal }) => get<SelfReport>('/self', {}, signal),
    refetchInterval: 5_000,
    placeholderData: keepPreviousData,
  });
  const forbidden = error instanceof ApiError && error.status === 403;
  return (
    <Page title={words.title}>
      {isPending ? <Loading /> : null}
      {forbidden ? <EmptyState title={words.forAll} /> : null}
      {error !== null && !forbidden && data === undefined ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {data !== undefined && !forbidden ? <Report report={data} failed={error !== null} /> : null}
    </Page>
  );
}

function Report({ report, failed }: { report: SelfReport; failed: boolean }) {
  const stale = isStale(report.at, useNow()) || failed;
  return (
    <div className={stale ? 'stack health-stale' : 'stack'}>
      <Head report={report} stale={stale} />
      <Findings findings={report.findings} />
      {report.facts === null ? null : (
        <div className="cards health-cards">
          <Lags facts={report.facts} />
          <Rounds facts={report.facts} />
          <Queues facts={report.facts} />
          <StoreCard facts={report.facts} />
          <RedisCard facts={report.facts} />
          <Machine facts={report.facts} />
          <Heartbeat heartbeat={report.heartbeat} />
          <Roles facts={report.facts} />
        </div>
      )}
    </div>
  );
}

const LOOKS = { ok: ['good', '●'], starting: ['off', '◌'], degraded: ['warn', '▲'], failed: ['bad', '✕'] } as const;

function Head({ report, stale }: { report: SelfReport; stale: boolean }) {
  const words = useWords(HEALTH);
  const [look, mark] = stale ? (['off', '?'] as const) : LOOKS[report.status];
  return (
    <section className={`card health-head ${look}`} aria-label={words.state}>
      <span className="health-mark" aria-hidden="true">
        {mark}
      </span>
      <div>
        <strong className="health-status" role="status">
          {stale ? words.unknownStatus : words.statuses[report.status]}
        </strong>
        <div>{stale ? words.stale : words.statusHints[report.status]}</div>
      </div>
      <div className="health-as-of">
        {report.node === null ? null : (
          <div>
            {words.node} {report.node}
          </div>
        )}
        <div>
          {words.asOf} <Moment at={report.at} />
        </div>
      </div>
    </section>
  );
}
