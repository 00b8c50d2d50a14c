import type { Calendar } from '../calendars/calendar.ts';
import { countedSpans } from '../calendars/counted.ts';
import { type Interval, intersect, subtract, union } from '../intervals.ts';
import type { Duty, Rota, RotaLayer, RotaOverride } from './rota.ts';
import { type Turn, turnsOf } from './turns.ts';

const DAY = 86_400_000;
/** How far ahead is looked for the end of a duty: near first, since most end within days. */
const HORIZONS = [8 * DAY, 64 * DAY, 800 * DAY];

/** A stretch of time with one duty. */
export interface DutySpan extends Interval, Duty {}

/** The duty of a moment, and how long it lasts: epoch ms, or null when it has no end within two years. */
export interface OnDuty extends Duty {
  readonly until: number | null;
}

/** Somebody else comes on duty, or somebody goes and nobody comes. */
export interface DutyChange {
  /** Epoch ms. */
  readonly at: number;
  readonly before: Duty;
  readonly after: Duty;
}

const NOBODY: Duty = { contact: null, because: 'nobody', layer: null, override: null };

/**
 * Who is on duty throughout `[from, to)`, without gaps: in order of precedence the overrides (the later of the list before the
 * earlier, those given before those of the configuration), the layers from the last to the first, the rota's `otherwise`, nobody. `overrides` are those made
 * by hand. A layer whose calendar is not known is on duty always: rather one call too many than none.
 * Throws RangeError on an unknown time zone.
 */
export function dutySpans(
  rota: Rota,
  overrides: readonly RotaOverride[],
  calendars: ReadonlyMap<string, Calendar>,
  from: number,
  to: number,
): DutySpan[] {
  const spans: DutySpan[] = [];
  let left: Interval[] = union([{ from, to }]);
  const take = (claims: readonly Interval[], duty: Duty) => {
    const taken = intersect(left, claims);
    for (const span of taken) spans.push({ ...span, ...duty });
    left = subtract(left, taken);
  };
  for (const { contact, id, ...span } of [...rota.overrides, ...overrides].reverse()) {
    if (span.to > from && span.from < to) take(union([span]), { contact, because: 'override', layer: null, override: id ?? null });
  }
  for (const layer of [...rota.layers].reverse()) {
    const present = intersect(left, presenceOf(layer, rota.timeZone, calendars, from, to));
    for (const { contact, ...span } of turnsWithin(turnsOf(layer, rota.timeZone, from, to), present)) {
      spans.push({ ...span, contact, because: 'layer', layer: layer.id, override: null });
    }
    left = subtract(left, union(spans));
  }
  take(left, rota.otherwise === null ? NOBODY : { ...NOBODY, contact: rota.otherwise, because: 'otherwise' });
  return joined(spans);
}

/** Who is on duty at a moment; parameters as of `dutySpans`. */
export function onDuty(rota: Rota, overrides: readonly RotaOverride[], calendars: ReadonlyMap<string, Calendar>, at: number): OnDuty {
  let duty: Duty = NOBODY;
  for (const horizon of HORIZONS) {
    const [first] = dutySpans(rota, overrides, calendars, at, at + horizon);
    if (first === undefined) break;
    const { from: _from, to, ...rest } = first;
    if (to < at + horizon) return { ...rest, until: to };
    duty = rest;
  }
  return { ...duty, until: null };
}

/** When within `[from, to)` nobody is on duty and nobody stands in, so that nobody would be told. */
export function dutyGaps(
  rota: Rota,
  overrides: readonly RotaOverride[],
  calendars: ReadonlyMap<string, Calendar>,
  from: number,
  to: number,
): Interval[] {
  const spans = dutySpans(rota, overrides, calendars, from, to).filter(({ because }) => because === 'nobody');
  return spans.map((span) => ({ from: span.from, to: span.to }));
}

/** The next moment after `at` at which it is somebody else's duty; null when there is none within two years. */
export function nextDutyChange(
  rota: Rota,
  overrides: readonly RotaOverride[],
  calendars: ReadonlyMap<string, Calendar>,
  at: number,
): DutyChange | null {
  for (const horizon of HORIZONS) {
    const [first, ...later] = dutySpans(rota, overrides, calendars, at, at + horizon);
    const next = later.find(({ contact }) => contact !== first?.contact);
    if (first && next) return { at: next.from, before: dutyOf(first), after: dutyOf(next) };
  }
  return null;
}

/** When a layer is there at all, whoever's turn it is. */
function presenceOf(
  { calendar }: RotaLayer,
  timeZone: string,
  calendars: ReadonlyMap<string, Calendar>,
  from: number,
  to: number,
): Interval[] {
  const always = union([{ from, to }]);
  const known = calendar === null ? undefined : calendars.get(calendar.id);
  if (known === undefined) return always;
  const inside = countedSpans(known, timeZone, from, to);
  return calendar?.when === 'outside' ? subtract(always, inside) : inside;
}

/** The parts of turns that lie in `present`; both sorted and disjoint. */
function turnsWithin(turns: readonly Turn[], present: readonly Interval[]): Turn[] {
  const parts: Turn[] = [];
  let first = 0;
  for (const { contact, from, to } of turns) {
    while (first < present.length && (present[first]?.to ?? 0) <= from) first++;
    for (let i = first; i < present.length && (present[i]?.from ?? to) < to; i++) {
      const span = present[i] as Interval;
      parts.push({ contact, from: Math.max(from, span.from), to: Math.min(to, span.to) });
    }
  }
  return parts;
}

/** Sorted, and neighbours of one duty made one. */
function joined(spans: readonly DutySpan[]): DutySpan[] {
  const result: DutySpan[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && last.to === span.from && isSame(last, span)) result[result.length - 1] = { ...last, to: span.to };
    else result.push(span);
  }
  return result;
}

function isSame(a: Duty, b: Duty): boolean {
  return a.contact === b.contact && a.because === b.because && a.layer === b.layer && a.override === b.override;
}

function dutyOf({ contact, because, layer, override }: Duty): Duty {
  return { contact, because, layer, override };
}
