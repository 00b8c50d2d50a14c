import type { ClosedPeriod } from '@beacontower/contracts';
import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { VerdictMark } from '../../parts/figure.tsx';
import '../../parts/tables.css';
import { showDifference, showNumber } from './show-number.ts';
import { type Basis, compareFrozen, type Frozen } from './versions.ts';
import { PERIODS } from './words.ts';

interface ComparedProps {
  /** Null: there is nothing older. */
  readonly before: ClosedPeriod | null;
  readonly after: ClosedPeriod;
  readonly basis: Basis;
}

const wholeOf = (version: ClosedPeriod | null): Frozen | null => version?.figures.find(({ group }) => group === 'whole') ?? null;

/** Line by line: both versions and their difference; what differs stands out by its weight and its sign. */
export function ComparedFigures({ before, after, basis }: ComparedProps) {
  const words = useWords(PERIODS);
  const { language } = useLanguage();
  const whole = wholeOf(after);
  if (whole === null) return null;
  const old = wholeOf(before);
  const columns = before === null ? [after] : [before, after];
  return (
    <div className="table-wrap">
      <table className="data-table compared">
        <thead>
          <tr>
            <th scope="col">{words.item}</th>
            {columns.map(({ id, version }) => (
              <th key={id} scope="col" className="end">
                {words.version(version)}
              </th>
            ))}
            {before === null ? null : (
              <th scope="col" className="end">
                {words.difference}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{words.verdict}</th>
            {columns.map((each) => (
              <td key={each.id} className="end">
                <VerdictMark verdict={wholeOf(each)?.verdict ?? 'undecided'} />
              </td>
            ))}
            {before === null ? null : <td />}
          </tr>
          {compareFrozen(old, whole, basis).map(({ key, unit, ...row }) => {
            const difference = showDifference(unit, row.difference, language);
            return (
              <tr key={key} className={difference === null ? undefined : 'differs'}>
                <th scope="row">{words.rows[key]}</th>
                {before === null ? null : <td className="end figures">{showNumber(unit, row.before, language)}</td>}
                <td className="end figures">{showNumber(unit, row.after, language)}</td>
                {before === null ? null : <td className="end figures">{difference ?? <span className="soft">{words.same}</span>}</td>}
              </tr>
            );
          })}
          <Origins columns={columns} empty={before !== null} />
        </tbody>
      </table>
    </div>
  );
}

function Origins({ columns, empty }: { columns: readonly ClosedPeriod[]; empty: boolean }) {
  const words = useWords(PERIODS);
  const { node } = useSession();
  const minute = (at: string) => formatTime(at, node.timeZone, 'minute');
  const rows = [
    { title: words.knownUntil, of: (each: ClosedPeriod) => minute(each.knownUntil) },
    { title: words.closing, of: (each: ClosedPeriod) => `${minute(each.closedAt)} · ${each.closedBy}` },
    { title: words.why, of: (each: ClosedPeriod) => each.reason },
    ...(columns.some(({ unjudged }) => unjudged > 0)
      ? [{ title: words.unjudgedTitle, of: (each: ClosedPeriod) => words.unjudged(each.unjudged) }]
      : []),
  ];
  return rows.map(({ title, of }) => (
    <tr key={title}>
      <th scope="row">{title}</th>
      {columns.map((each) => (
        <td key={each.id} className="end">
          {of(each)}
        </td>
      ))}
      {empty ? <td /> : null}
    </tr>
  ));
}
