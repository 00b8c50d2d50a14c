import type { ErrorBudget, Page as Listed, Objective } from '@beacontower/contracts';
import { verdictOf } from '@beacontower/domain';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { formatPercent, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { BoundsBar, Figure, VerdictMark } from '../../parts/figure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import './availability.css';
import { nameOf } from '../../i18n/name-of.ts';
import { BudgetBar } from './budget-bar.tsx';
import { useForecast } from './forecast.ts';
import { needOf } from './order.ts';
import { isRunning } from './period.ts';
import { AVAILABILITY } from './words.ts';

const REFRESH_MS = 60_000;

/** Every objective: where it stands in its running period. */
export default function AvailabilityPage() {
  const words = useWords(AVAILABILITY);
  const objectives = useQuery({
    queryKey: ['/objectives'],
    queryFn: ({ signal }) => get<Listed<Objective>>('/objectives', { limit: 500 }, signal),
    refetchInterval: REFRESH_MS,
  });
  const items = objectives.data?.items ?? [];
  const budgets = useQueries({
    queries: items.map(({ id }) => ({
      queryKey: ['/objectives', id, 'budget', null],
      queryFn: ({ signal }: { signal: AbortSignal }) => get<ErrorBudget>(`/objectives/${encodeURIComponent(id)}/budget`, {}, signal),
      refetchInterval: REFRESH_MS,
    })),
  });
  const shown = items
    .map((objective, index) => ({ objective, budget: budgets[index]?.data, error: budgets[index]?.error ?? null }))
    .sort((a, b) => needOf(a.budget) - needOf(b.budget));
  return (
    <Page title={words.title}>
      {objectives.isPending ? <Loading /> : null}
      {objectives.error && items.length === 0 ? <Failure error={objectives.error} onRetry={() => void objectives.refetch()} /> : null}
      {objectives.data && items.length === 0 ? <EmptyState title={words.noObjectives}>{words.noObjectivesHint}</EmptyState> : null}
      {items.length > 0 ? <p className="soft">{words.intro}</p> : null}
      <ul className="objectives">
        {shown.map((each) => (
          <li key={each.objective.id}>
            <ObjectiveCard {...each} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

interface CardProps {
  readonly objective: Objective;
  readonly budget: ErrorBudget | undefined;
  readonly error: unknown;
}

function ObjectiveCard({ objective, budget, error }: CardProps) {
  const words = useWords(AVAILABILITY);
  const { language } = useLanguage();
  return (
    <article className="card objective" aria-label={nameOf(objective, language)}>
      <div className="objective-line">
        <h2>
          <Link to={`/availability/${encodeURIComponent(objective.id)}`}>{nameOf(objective, language)}</Link>
        </h2>
        <span className="soft figures">
          {budget?.label ?? (objective.rollingDays === null ? words.periods[objective.period] : words.rollingDays(objective.rollingDays))}
        </span>
      </div>
      {error && budget === undefined ? <Failure error={error} /> : null}
      {error && budget !== undefined ? <p className="stale-note">{words.staleFigures}</p> : null}
      {budget === undefined && !error ? <Loading /> : null}
      {budget === undefined ? null : <Standing objective={objective} budget={budget} />}
    </article>
  );
}

function Standing({ objective, budget }: { objective: Objective; budget: ErrorBudget }) {
  const words = useWords(AVAILABILITY);
  const { node } = useSession();
  const { availability, lowest, highest, target, completeness } = budget;
  const verdict = verdictOf(target, { lowest, highest });
  return (
    <>
      <div className="objective-line">
        <Figure value={availability} lowest={lowest} highest={highest} />
        <VerdictMark verdict={verdict} soFar={isRunning(budget)} />
      </div>
      <BoundsBar value={availability} lowest={lowest} highest={highest} target={target} verdict={verdict} />
      <div className="objective-line soft">
        <span>
          {words.target} <span className="figures">{formatPercent(target, 3)}</span>
        </span>
        <span>{`${words.members(budget.members)} · ${words.completeness} ${formatPercent(completeness, 2)}`}</span>
      </div>
      <BudgetBar budget={budget} />
      <div className="objective-line soft">
        <span>{useForecast(budget)}</span>
        <span>{words.asOf(formatTime(budget.asOf, node.timeZone, 'minute'))}</span>
      </div>
      {budget.firing.length === 0 ? null : (
        <div className="firing">
          {budget.incident === null ? words.firing : <Link to={`/incidents/${budget.incident}`}>{words.firing}</Link>}
        </div>
      )}
      <div className="soft">{`${words.aggregates[objective.aggregate]} · ${words.bases[objective.basis]}`}</div>
    </>
  );
}
