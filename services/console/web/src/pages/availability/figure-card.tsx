import type { Availability, ErrorBudget, Objective } from '@beacontower/contracts';
import { Link } from 'react-router';
import { useSession } from '../../api/session.tsx';
import { formatDuration, formatPercent, formatPercentUp, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { nameOf } from '../../i18n/name-of.ts';
import { BoundsBar, Figure, VerdictMark } from '../../parts/figure.tsx';
import './availability.css';
import { BudgetBar } from './budget-bar.tsx';
import { useForecast } from './forecast.ts';
import { AVAILABILITY } from './words.ts';

interface FigureCardProps {
  readonly objective: Objective;
  readonly figure: Availability;
  readonly budget: ErrorBudget | undefined;
  /** Its period is not over: what is said of it may still change. */
  readonly running: boolean;
  /** What is known now was asked for, though there may be a closed version. */
  readonly live: boolean;
  readonly onVersion: (live: boolean) => void;
}

/** The figure against its target, with all that is to be known to trust it. */
export function FigureCard({ objective, figure, budget, running, live, onVersion }: FigureCardProps) {
  const words = useWords(AVAILABILITY);
  const { language } = useLanguage();
  const { node } = useSession();
  const { availability, lowest, highest, target, verdict } = figure;
  const isClosed = figure.status === 'closed';
  return (
    <section className="card" aria-label={words.figure}>
      <div className="card-head head-figure">
        <Figure value={availability} lowest={lowest} highest={highest} digits={4} />
        <VerdictMark verdict={verdict} soFar={!isClosed && running} />
      </div>
      <BoundsBar value={availability} lowest={lowest} highest={highest} target={target} verdict={verdict} />
      <div className="bounds-scale soft figures" aria-hidden="true">
        <span className="at-target">{`${words.target} ${formatPercent(target, 3)}`}</span>
        <span className="at-end">100%</span>
      </div>
      {budget === undefined || budget.budgetMs === 0 ? null : <BudgetStanding budget={budget} />}
      <dl className="facts">
        <dt>{words.bases[figure.basis]}</dt>
        <dd className="soft">{words.basisHint[figure.basis]}</dd>
        <dt>{words.bases[figure.basis === 'experienced' ? 'responsible' : 'experienced']}</dt>
        <dd>
          <BothBases figure={figure} />
        </dd>
        <dt>{words.withMaintenance}</dt>
        <dd className="figures">{formatPercent(figure.availabilityWithMaintenance, 4)}</dd>
        <dt>{words.completeness}</dt>
        <dd className="figures">{formatPercent(figure.completeness, 3)}</dd>
        <dt>{words.resolution}</dt>
        <dd>{figure.resolutionMs === 0 ? '—' : `${formatDuration(figure.resolutionMs, language)} (${words.resolutionHint})`}</dd>
        <dt>{words.formula}</dt>
        <dd>
          {`${words.aggregates[objective.aggregate]} · ${words.members(figure.members)}`}
          {figure.membersWithoutAvailability > 0 ? ` · ${words.unobserved(figure.membersWithoutAvailability)}` : ''}
          {figure.unobserved.length === 0 ? null : (
            <strong> · {words.silentNodes(figure.unobserved.map((each) => nameOf(each, language)))}</strong>
          )}
        </dd>
        <dt>{isClosed ? words.closedVersion(figure.version) : words.live}</dt>
        <dd>
          {words.asOf(formatTime(figure.asOf, node.timeZone, 'minute'))}{' '}
          {isClosed || live ? (
            <button type="button" className="link-button" onClick={() => onVersion(isClosed)}>
              {isClosed ? words.showLive : words.showClosed}
            </button>
          ) : null}{' '}
          {isClosed ? <Link to={`/periods?objective=${encodeURIComponent(objective.id)}&from=${figure.from}`}>{words.compare}</Link> : null}
        </dd>
      </dl>
    </section>
  );
}

function BothBases({ figure }: { figure: Availability }) {
  const other = figure.basis === 'experienced' ? figure.responsible : figure.experienced;
  if (other.availability === null) return '—';
  return (
    <span className="figures">
      {formatPercent(other.availability, 4)}{' '}
      <span className="soft">{`${formatPercent(other.lowest, 4)} – ${formatPercentUp(other.highest, 4)}`}</span>
    </span>
  );
}

function BudgetStanding({ budget }: { budget: ErrorBudget }) {
  const words = useWords(AVAILABILITY);
  const forecast = useForecast(budget);
  return (
    <div>
      <h2 className="part">{words.budget}</h2>
      <BudgetBar budget={budget} />
      <p className="soft">
        {forecast}
        {budget.burnRate === null ? '' : ` · ${words.burnRate} ${words.times(budget.burnRate.toFixed(2))}`}
      </p>
    </div>
  );
}
