import type { Objective } from '@beacontower/contracts';
import { localDate } from '@beacontower/domain';
import { Link, useSearchParams } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import type { ShownPeriod } from './period.ts';
import { AVAILABILITY } from './words.ts';

/** From period to period, and back to the running one. What else is in the address does not go along: it is of the period. */
export function PeriodNav({ objective, period }: { objective: Objective; period: ShownPeriod }) {
  const words = useWords(AVAILABILITY);
  const [search] = useSearchParams();
  const to = (date: string | null) => {
    const next = new URLSearchParams();
    if (date !== null) next.set('on', date);
    const division = search.get('division');
    if (division !== null) next.set('division', division);
    return `?${next}`;
  };
  const dates = `${localDate(period.from, objective.timeZone)} – ${localDate(period.to - 1, objective.timeZone)}`;
  return (
    <nav className="period-nav" aria-label={words.periods[objective.period]}>
      <Link to={to(period.before)} aria-label={words.before} title={words.before}>
        ←
      </Link>
      <strong className="figures">{period.label ?? dates}</strong>
      {period.running && period.label !== null ? <span className="soft">{words.running}</span> : null}
      {period.after === null ? null : (
        <>
          <Link to={to(period.after)} aria-label={words.after} title={words.after}>
            →
          </Link>
          <Link to={to(null)}>{words.current}</Link>
        </>
      )}
      <Link to="/availability">{words.all}</Link>
    </nav>
  );
}
