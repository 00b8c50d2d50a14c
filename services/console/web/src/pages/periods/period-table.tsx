import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { Figure, VerdictMark } from '../../parts/figure.tsx';
import '../../parts/tables.css';
import { periodLabel } from './labels.ts';
import type { Basis, PeriodVersions } from './versions.ts';
import { PERIODS } from './words.ts';

interface PeriodTableProps {
  readonly items: readonly PeriodVersions[];
  readonly objectives: ReadonlyMap<string, { readonly name: string; readonly basis: Basis }>;
  readonly chosen: string | null;
  readonly onChoose: (period: PeriodVersions) => void;
  readonly more: (() => void) | null;
}

/** Each closed period by its latest version. */
export function PeriodTable({ items, objectives, chosen, onChoose, more }: PeriodTableProps) {
  const words = useWords(PERIODS);
  const { node } = useSession();
  return (
    <section className="card period-list" aria-label={words.listed}>
      <div className="table-wrap">
        <table className="data-table">
          <thead>
            <tr>
              {[words.period, words.objective, words.figure, words.verdict, words.versions, words.closedAt, words.closedBy].map((text) => (
                <th key={text} scope="col">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((period) => {
              const [latest] = period.versions;
              const whole = latest?.whole ?? null;
              return (
                <tr key={period.key} className={period.key === chosen ? 'chosen' : undefined}>
                  <th scope="row" className="nowrap">
                    <button
                      type="button"
                      className="link-button figures"
                      aria-pressed={period.key === chosen}
                      onClick={() => onChoose(period)}
                    >
                      {periodLabel(period.from, period.to, node.timeZone)}
                    </button>
                  </th>
                  <td>{objectives.get(period.objective)?.name ?? period.objective}</td>
                  <td>
                    {whole === null ? (
                      '—'
                    ) : (
                      <Figure {...pick(whole[objectives.get(period.objective)?.basis ?? 'experienced'])} digits={4} />
                    )}
                  </td>
                  <td>{whole === null ? null : <VerdictMark verdict={whole.verdict} />}</td>
                  <td className="figures">{period.versions.length}</td>
                  <td className="figures nowrap">{latest === undefined ? '—' : formatTime(latest.closedAt, node.timeZone, 'minute')}</td>
                  <td>{latest?.closedBy}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {more === null ? null : (
        <p>
          <button type="button" className="button" onClick={more}>
            {words.more}
          </button>
        </p>
      )}
    </section>
  );
}

function pick({ availability, lowest, highest }: { availability: number | null; lowest: number | null; highest: number | null }) {
  return { value: availability, lowest, highest };
}
