import type { Coverage } from '@beacontower/contracts';
import { useWords } from '../../i18n/language.tsx';
import '../../parts/tables.css';
import './coverage.css';
import { type Growth, reported, signed } from './growth.ts';
import { COVERAGE } from './words.ts';

const LEVELS = ['central', 'province', 'city', 'county'] as const;
type Counted = Coverage['total'];

/** Units, terminals and applications by level, with their growth. */
export function Numbers({ coverage }: { coverage: Coverage }) {
  const words = useWords(COVERAGE);
  const known = reported(coverage.total);
  const columns = [words.units, words.terminals, words.applications, words.exitUnits];
  return (
    <section className="card" aria-label={words.numbers}>
      <h2>{words.numbers}</h2>
      <div className="table-wrap">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">{words.level}</th>
              {columns.map((text) => (
                <th key={text} scope="col" className="end">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {LEVELS.map((level) => (
              <Row key={level} name={words.unitLevels[level]} counted={coverage.byLevel[level]} known={known} />
            ))}
          </tbody>
          <tfoot>
            <Row name={words.total} counted={coverage.total} known={known} />
          </tfoot>
        </table>
      </div>
    </section>
  );
}

function Row({ name, counted, known }: { name: string; counted: Counted; known: ReturnType<typeof reported> }) {
  const words = useWords(COVERAGE);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="end">
        <Count value={known.units ? counted.units : null} growth={counted.growth.units} />
        {counted.namedUnits > 0 ? <span className="soft">{` · ${words.named(counted.namedUnits)}`}</span> : null}
      </td>
      <td className="end">
        <Count value={known.terminals ? counted.terminals : null} growth={counted.growth.terminals} />
      </td>
      <td className="end">
        <Count value={known.applications ? counted.applications : null} growth={counted.growth.applications} />
      </td>
      <td className="end">
        <Count value={known.internetExitUnits ? counted.internetExitUnits : null} growth={counted.growth.internetExitUnits} />
      </td>
    </tr>
  );
}

function Count({ value, growth }: { value: number | null; growth: Growth }) {
  const words = useWords(COVERAGE);
  if (value === null) return <span className="soft">— {words.notReported}</span>;
  const change = signed(growth);
  return (
    <span className="figures">
      {value.toLocaleString('en-US')}
      {change === null ? null : <span className="soft">{` (${change})`}</span>}
    </span>
  );
}
