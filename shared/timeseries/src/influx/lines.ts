import { ROLLED_FIELDS } from '../formulas.ts';
import type { Source } from '../resolution.ts';
import { type Columns, keysOf, LAYOUT, NO_REPLY, type Samples } from '../rows.ts';

/** Measurements by kind of row and resolution: `interface`, `interface_5m`, … */
export function measurement(samples: Samples, source: Source): string {
  const name = samples === 'interfaces' ? 'interface' : 'icmp';
  return source === 'raw' ? name : `${name}_${source}`;
}

/** The tags of a check: its key, and what the caller calls its object. */
export type Labels = (check: number) => string | undefined;

/** Raw rows as line protocol in ms; what is not known is left out, a row that says nothing is no line. */
export function rawLines(rows: Columns, labels: Labels): string[] {
  const { check, at } = keysOf(rows);
  const name = measurement(rows.samples, 'raw');
  const fields = LAYOUT[rows.samples].slice(2).map((column) => column.name);
  const values = rows.columns.slice(2);
  const replies = fields.map((field) => rows.samples === 'icmp' && (field.startsWith('rtt') || field === 'jitter'));
  const lines: string[] = [];
  for (let row = 0; row < rows.count; row++) {
    let text = '';
    for (let i = 0; i < fields.length; i++) {
      const value = values[i]?.[row] ?? Number.NaN;
      if (Number.isNaN(value) || (replies[i] && value === NO_REPLY)) continue;
      text += `${text === '' ? '' : ','}${fields[i]}=${value}i`;
    }
    lines.push(`${name}${tags(check[row] ?? 0, labels)} ${text} ${at[row]}`);
  }
  return lines;
}

/** A row of a roll-up; `values` in the order of `ROLLED_FIELDS`. Numbers are floats here: sums and rates alike. */
export function rolledLine(samples: Samples, source: Source, check: number, at: number, values: ArrayLike<number>, labels: Labels): string {
  let text = '';
  for (const [index, field] of ROLLED_FIELDS[samples].entries()) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    text += `${text === '' ? '' : ','}${field}=${value}`;
  }
  return `${measurement(samples, source)}${tags(check, labels)} ${text} ${at}`;
}

function tags(check: number, labels: Labels): string {
  const label = labels(check);
  return label === undefined || label === '' ? `,check=${check}` : `,check=${check},object=${escaped(label)}`;
}

/** A tag's value ends at a comma, a space or an equals sign that is not escaped; a line at its end. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replace(/\\+$/, '')
    .replaceAll(/([,= ])/g, '\\$1');
}
