const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Stretches up to now that one chooses with a press. */
export const LAST = { '1h': HOUR_MS, '6h': 6 * HOUR_MS, '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS } as const;
export type LastKey = keyof typeof LAST;

/** What time the page shows: up to now, the running period of the objective, or from and to. Epoch ms. */
export type Range =
  | { readonly kind: 'last'; readonly key: LastKey }
  | { readonly kind: 'period' }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** No less is shown: below a minute there are no samples to tell apart. */
const SHORTEST_MS = MINUTE_MS;
/** The API answers no more at once. */
const LONGEST_MS = 3 * 366 * DAY_MS;
const EARLIEST = Date.UTC(2000, 0, 1);
export const USUAL: Range = { kind: 'last', key: '24h' };

/** Reads the range of an address; what is no range is the usual one. */
export function readRange(parameters: URLSearchParams): Range {
  const word = parameters.get('range') ?? '';
  if (word === 'period') return { kind: 'period' };
  if (Object.hasOwn(LAST, word)) return { kind: 'last', key: word as LastKey };
  const from = Date.parse(parameters.get('from') ?? '');
  const to = Date.parse(parameters.get('to') ?? '');
  return from < to && from >= EARLIEST ? { kind: 'between', ...widened(from, Math.min(to, from + LONGEST_MS)) } : USUAL;
}

/** Writes the range into the parameters of an address, and leaves the others alone. */
export function writeRange(range: Range, parameters: URLSearchParams): URLSearchParams {
  const written = new URLSearchParams(parameters);
  for (const name of ['range', 'from', 'to']) written.delete(name);
  if (range.kind === 'between') {
    written.set('from', new Date(range.from).toISOString());
    written.set('to', new Date(range.to).toISOString());
  } else if (range.kind === 'period') written.set('range', 'period');
  else if (range.key !== '24h') written.set('range', range.key);
  return written;
}

/** The range in epoch ms; `period` the running period where one is known, else the last 30 days. It never reaches beyond now. */
export function spanOf(range: Range, now: number, period: Span | null): Span {
  if (range.kind === 'between') return { from: range.from, to: range.to };
  if (range.kind === 'last') return { from: now - LAST[range.key], to: now };
  return period === null ? { from: now - LAST['30d'], to: now } : { from: period.from, to: Math.min(now, period.to) };
}

/** Half as long about the same middle, or twice; kept short of the future. */
export function zoomed({ from, to }: Span, factor: number, now: number): Span {
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * factor;
  return kept(middle - half, middle + half, now);
}

/** The same length, half of it earlier (−1) or later (1). */
export function moved({ from, to }: Span, by: -1 | 1, now: number): Span {
  const step = ((to - from) / 2) * by;
  return kept(from + step, to + step, now);
}

function kept(from: number, to: number, now: number): Span {
  const length = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, to - from));
  const end = Math.min(Math.round(to), now);
  return { from: Math.max(EARLIEST, Math.round(end - length)), to: end };
}

/** Two moments somebody drew a line between, in whichever order; no shorter than can be shown. */
export function widened(a: number, b: number): Span {
  const from = Math.round(Math.min(a, b));
  return { from, to: Math.max(from + SHORTEST_MS, Math.round(Math.max(a, b))) };
}
