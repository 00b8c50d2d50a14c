import { useMemo } from 'react';
import { useWords } from '../i18n/language.tsx';
import type { ChartContent } from './chart-option.ts';
import { csvOf, rowsOf } from './rows.ts';
import { CHARTS } from './words.ts';

/** As many as one reads; more are in the file. */
const SHOWN = 200;

/** What a chart shows, as a table and as a file. */
export function ChartTable({ title, content }: { title: string; content: ChartContent }) {
  const words = useWords(CHARTS);
  const { lines, format, time } = content;
  const rows = useMemo(() => rowsOf(lines), [lines]);
  const download = () => {
    const text = csvOf(lines, { time: words.time, of: (name) => [words.least, words.mean, words.most].map((what) => `${name} ${what}`) });
    const url = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: `${title}.csv` });
    link.click();
    URL.revokeObjectURL(url);
  };
  if (rows.length === 0) return <p className="soft">{words.noPoints}</p>;
  return (
    <div className="chart-table">
      <section className="chart-table-scroll" aria-label={title}>
        {/* Inside, so that who scrolls by keyboard has something here to be at. */}
        <div className="chart-table-head soft">
          {rows.length > SHOWN ? <span>{words.shown(String(SHOWN), String(rows.length))}</span> : null}
          <button type="button" className="chart-button" onClick={download}>
            {words.download}
          </button>
        </div>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.time}</th>
              {lines.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map(({ at, values }) => (
              <tr key={at}>
                <th scope="row" className="figures">
                  {time(at, 'full')}
                </th>
                {values.map(([min, avg, max], place) => (
                  <td key={lines[place]?.name} className="figures">
                    {avg === null || min === null || max === null ? '—' : `${format(avg)}${words.range(format(min), format(max))}`}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
