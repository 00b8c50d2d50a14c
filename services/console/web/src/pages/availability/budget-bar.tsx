import type { ErrorBudget } from '@beacontower/contracts';
import { formatDuration } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import './availability.css';
import { AVAILABILITY } from './words.ts';

type Budget = Pick<ErrorBudget, 'budgetMs' | 'consumedMs' | 'consumedLeastMs' | 'consumedMostMs' | 'leftMs'>;

/** What is left of a budget: the bar, the part that is in doubt hatched, and the same in words. */
export function BudgetBar({ budget }: { budget: Budget }) {
  const words = useWords(AVAILABILITY);
  const { language } = useLanguage();
  const { budgetMs, consumedLeastMs, consumedMostMs, leftMs } = budget;
  const part = (ms: number) => (budgetMs <= 0 ? 0 : Math.min(1, Math.max(0, ms / budgetMs)));
  const [sure, most] = [part(budgetMs - consumedMostMs), part(budgetMs - consumedLeastMs)];
  const whole = formatDuration(budgetMs, language);
  return (
    <div>
      <div className={leftMs < 0 ? 'budget-bar none' : 'budget-bar'} aria-hidden="true">
        <span className="left" style={{ width: `${part(leftMs) * 100}%` }} />
        <span className="doubt" style={{ left: `${sure * 100}%`, width: `${(most - sure) * 100}%` }} />
      </div>
      <div className="objective-line">
        <span>
          {leftMs < 0 ? (
            <strong className="verdict-missed">{words.overdrawnBy(formatDuration(-leftMs, language), whole)}</strong>
          ) : (
            words.ofBudget(formatDuration(leftMs, language), whole)
          )}
        </span>
        <span className="soft">{words.perMember}</span>
      </div>
    </div>
  );
}
