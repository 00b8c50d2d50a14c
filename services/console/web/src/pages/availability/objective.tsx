import type { Availability, ErrorBudget, Page as Listed, Objective, ObjectiveDays } from '@beacontower/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { get } from '../../api/client.ts';
import { useLive } from '../../api/live.tsx';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import './availability.css';
import { nameOf } from '../../i18n/name-of.ts';
import { BurnDown } from './burn-down.tsx';
import { FigureCard } from './figure-card.tsx';
import { Groups } from './groups.tsx';
import { HeatMap } from './heat-map.tsx';
import { Outages } from './outages.tsx';
import { periodOn, type ShownPeriod } from './period.ts';
import { PeriodNav } from './period-nav.tsx';
import { Reclassifications } from './reclassifications.tsx';
import '../../parts/tables.css';
import { AVAILABILITY } from './words.ts';

const REFRESH_MS = 60_000;
const iso = (at: number) => new Date(at).toISOString();

/** One objective: its figure in a period, the budget, its days, groups and outages. */
export default function ObjectivePage() {
  const words = useWords(AVAILABILITY);
  const { language } = useLanguage();
  const { objective: id = '' } = useParams();
  const [search] = useSearchParams();
  const objectives = useQuery({
    queryKey: ['/objectives'],
    queryFn: ({ signal }) => get<Listed<Objective>>('/objectives', { limit: 500 }, signal),
    refetchInterval: REFRESH_MS,
  });
  const objective = objectives.data?.items.find((each) => each.id === id);
  if (objective === undefined)
    return (
      <Page title={words.title}>
        {objectives.isPending ? <Loading /> : null}
        {objectives.error ? <Failure error={objectives.error} onRetry={() => void objectives.refetch()} /> : null}
        {objectives.data ? <EmptyState title={words.notObjective}>{<Link to="/availability">{words.all}</Link>}</EmptyState> : null}
      </Page>
    );
  const period = periodOn(objective, search.get('on'), Date.now());
  return (
    <Page title={nameOf(objective, language)} actions={<PeriodNav objective={objective} period={period} />}>
      <InPeriod key={`${id} ${period.from}`} objective={objective} period={period} />
    </Page>
  );
}

interface ShownProps {
  readonly objective: Objective;
  readonly period: ShownPeriod;
}

function InPeriod({ objective, period }: ShownProps) {
  const words = useWords(AVAILABILITY);
  const [search, setSearch] = useSearchParams();
  const [division, day, version] = ['division', 'day', 'version'].map((name) => search.get(name)) as [
    string | null,
    string | null,
    string | null,
  ];
  const set = (name: string, value: string | null) => {
    const next = new URLSearchParams(search);
    if (value === null) next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true });
  };
  const { figure, budget, days } = useFigures({ objective, period }, division, version);
  const failed = [figure, budget, days].find(({ error }) => error !== null);
  const chosen = days.data?.items.find(({ date }) => date === day) ?? null;
  return (
    <div className="card-column">
      {failed && figure.data ? <p className="stale-note">{words.staleFigures}</p> : null}
      {failed && !figure.data ? <Failure error={failed.error} onRetry={() => void failed.refetch()} /> : null}
      {figure.isPending ? <Loading /> : null}
      <div className="card-row">
        {figure.data ? (
          <FigureCard
            objective={objective}
            figure={figure.data}
            budget={budget.data}
            running={period.running}
            live={version === 'live'}
            onVersion={(live) => set('version', live ? 'live' : null)}
          />
        ) : null}
        {days.data ? <BurnDown days={days.data} /> : null}
      </div>
      {days.data ? <HeatMap days={days.data} chosen={day} onChoose={(date) => set('day', date)} /> : null}
      <Groups objective={objective} period={period} version={version} chosen={division} onChoose={(key) => set('division', key)} />
      <Outages
        objective={objective}
        span={chosen === null ? { from: iso(period.from), to: iso(period.to) } : chosen}
        day={chosen === null ? null : chosen.date}
        division={division}
        completeness={chosen === null ? (figure.data?.members === 0 ? null : figure.data?.completeness) : chosen.completeness}
        onClear={(name) => set(name, null)}
      />
      <Reclassifications from={iso(period.from)} to={iso(period.to)} />
    </div>
  );
}

function useFigures({ objective, period }: ShownProps, division: string | null, version: string | null) {
  const path = `/objectives/${encodeURIComponent(objective.id)}`;
  const span = { from: iso(period.from), to: iso(period.to) };
  const refetchInterval = period.running ? REFRESH_MS : (false as const);
  const figure = useQuery({
    queryKey: ['/availability', objective.id, span, version],
    queryFn: ({ signal }) => get<Availability>('/availability', { objective: objective.id, ...span, version }, signal),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
  const at = period.running ? undefined : iso(period.to - 1);
  const budget = useQuery({
    queryKey: ['/objectives', objective.id, 'budget', at ?? null],
    queryFn: ({ signal }) => get<ErrorBudget>(`${path}/budget`, { at }, signal),
    // Of a rolling period the budget is told by the moment at which it stood, not by its end.
    enabled: objective.period !== 'rolling' || period.running,
    refetchInterval,
  });
  const days = useQuery({
    queryKey: ['/objectives', objective.id, 'days', span, division],
    queryFn: ({ signal }) => get<ObjectiveDays>(`${path}/days`, { ...span, division }, signal),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
  const again = () => void Promise.all([figure.refetch(), days.refetch()]);
  // A period was closed, or a version made.
  useLive(['figure'], again, again);
  return { figure, budget, days };
}
