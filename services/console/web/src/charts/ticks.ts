const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Distances between ticks that people count in. */
const STEPS = [
  MINUTE_MS / 4,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
  30 * DAY_MS,
  91 * DAY_MS,
  365 * DAY_MS,
];

const clocks = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC at a moment, ms. */
export function zoneOffset(at: number, timeZone: string): number {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    clocks.set(timeZone, clock);
  }
  return Date.parse(`${clock.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}

/** The moment at which the clocks of a zone show this (as if it were UTC, epoch ms). */
export function fromZone(shown: number, timeZone: string): number {
  const first = shown - zoneOffset(shown, timeZone);
  return shown - zoneOffset(first, timeZone);
}

/** Moments to write along an axis, on round times of the zone; `most` at most, or one. */
export function timeTicks(from: number, to: number, timeZone: string, most: number): number[] {
  const step = STEPS.find((each) => (to - from) / each <= most) ?? (to - from) / most;
  const ticks: number[] = [];
  const start = from + zoneOffset(from, timeZone);
  for (let shown = Math.ceil(start / step) * step; ; shown += step) {
    const at = fromZone(shown, timeZone);
    if (at > to) return ticks;
    if (at >= from) ticks.push(at);
  }
}

/** How a tick is written: the day where one begins, else as much of the clock as tells the ticks apart. */
export function tickText(at: number, span: number, time: (at: number, parts: 'full') => string): string {
  const full = time(at, 'full');
  const clock = full.slice(11);
  if (clock === '00:00:00') return span > 300 * DAY_MS ? full.slice(0, 10) : full.slice(5, 10);
  if (span > 2 * DAY_MS) return full.slice(5, 16);
  return span < 5 * MINUTE_MS ? clock : clock.slice(0, 5);
}
