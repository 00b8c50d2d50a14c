import type { Line } from './chart-option.ts';

/** One moment of several lines: least, mean, most of each, null where it has no sample. */
export interface Row {
  readonly at: number;
  readonly values: readonly (readonly [number | null, number | null, number | null])[];
}

const NOTHING = [null, null, null] as const;

/** The lines of a chart as rows by time, the newest first; gaps are left out. */
export function rowsOf(lines: readonly Line[]): Row[] {
  const byTime = lines.map(({ points }) => new Map(points.map(([at, ...values]) => [at, values])));
  const times = new Set(lines.flatMap(({ points }) => points.flatMap(([at, , avg]) => (avg === null ? [] : [at]))));
  return [...times].sort((a, b) => b - a).map((at) => ({ at, values: byTime.map((points) => points.get(at) ?? NOTHING) }));
}

/** The rows as a file of comma-separated values, oldest first; times in RFC 3339, figures as they are. */
export function csvOf(lines: readonly Line[], heads: { readonly time: string; readonly of: (name: string) => readonly string[] }): string {
  const head = [heads.time, ...lines.flatMap(({ name }) => heads.of(name))];
  const rows = rowsOf(lines)
    .reverse()
    .map(({ at, values }) => [new Date(at).toISOString(), ...values.flatMap((each) => each.map((value) => value ?? ''))]);
  return `${[head.map(quoted), ...rows].map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

// A cell that begins like a formula is taken for one by spreadsheets.
function quoted(text: string): string {
  return `"${(/^[=+@\t-]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
