import { type Interval, intersect, subtract, union } from './intervals.ts';
import { REASONS, type State, type Transition } from './state.ts';

/** What is needed to say what an object did in `[from, to)`. */
export interface TimelineInput extends Interval {
  /**
   * The object's transitions in force, ordered by `edge.at`: at least all whose `[earliest, latest]` meets the period, and
   * the last one before it.
   */
  readonly transitions: readonly Transition[];
  /** When the object was in commission. Outside it does not count. */
  readonly validity: readonly Interval[];
  /** Planned work: maintenance approved before it began, and what was reclassified as such. The figure "with maintenance" gives it back. */
  readonly exclusions: readonly Interval[];
  /** Time that does not count at all: outside the calendar. Excluded too, and given back by nothing. */
  readonly uncounted?: readonly Interval[];
  /** Nothing has been judged from here on: unknown, whatever was said last. */
  readonly judgedUntil: number;
}

/** Why a segment is what it is: why its state was entered, or that nothing has been judged so far on. */
export const SEGMENT_REASONS = [...REASONS, 'not-judged-yet'] as const;
export type SegmentReason = (typeof SEGMENT_REASONS)[number];

/** A stretch of one state. It truly began within `uncertaintyMs` before or after `from`. */
export interface Segment extends Interval {
  readonly state: State;
  readonly excluded: boolean;
  readonly reason: SegmentReason;
  readonly uncertaintyMs: number;
}

interface Stretch extends Interval {
  readonly state: State;
  readonly reason: SegmentReason;
  readonly uncertaintyMs: number;
}

/** What is left out of the count: planned work, and time outside the calendar. */
export function excludedSpans(input: TimelineInput): Interval[] {
  return union([...input.exclusions, ...(input.uncounted ?? [])]);
}

/** The object's states over `[from, to)` by the estimate, without gaps; time out of commission is unknown, "not-monitored". */
export function buildTimeline(input: TimelineInput): Segment[] {
  const period: Interval[] = input.to > input.from ? [{ from: input.from, to: input.to }] : [];
  const validity = intersect(union(input.validity), period);
  const exclusions = intersect(excludedSpans(input), validity);
  const outside = subtract(period, validity).map(
    (gap): Segment => ({ ...gap, state: 'unknown', reason: 'not-monitored', uncertaintyMs: 0, excluded: false }),
  );
  const inside = stretches(input).flatMap((stretch) => {
    const parts = intersect([stretch], validity);
    return [
      ...subtract(parts, exclusions).map(
        (part): Segment => ({ ...stretch, ...part, uncertaintyMs: begins(stretch, part), excluded: false }),
      ),
      ...intersect(parts, exclusions).map(
        (part): Segment => ({ ...stretch, ...part, uncertaintyMs: begins(stretch, part), excluded: true }),
      ),
    ];
  });
  return [...outside, ...inside].sort((a, b) => a.from - b.from);
}

// A part that a hole or the period's start cut off begins exactly there.
function begins(stretch: Stretch, part: Interval): number {
  return part.from === stretch.from ? stretch.uncertaintyMs : 0;
}

function stretches(input: TimelineInput): Stretch[] {
  const { from, to, transitions } = input;
  const end = Math.min(to, Math.max(from, input.judgedUntil));
  const result: Stretch[] = [];
  let current: Stretch = { from, to, state: transitions[0]?.from ?? 'unknown', reason: 'not-looked-at', uncertaintyMs: 0 };
  for (const { edge, to: state, reason } of transitions) {
    if (edge.at >= end) break;
    if (edge.at > current.from) result.push({ ...current, to: edge.at });
    const start = Math.max(edge.at, from);
    // Not half the width: the end of what a look covered stands at the latest end of its edge, not in the middle.
    const uncertaintyMs = edge.at >= from ? Math.max(edge.at - edge.earliest, edge.latest - edge.at) : Math.max(0, edge.latest - from);
    current = { from: start, to, state, reason, uncertaintyMs };
  }
  if (current.from < end) result.push({ ...current, to: end });
  if (end < to) result.push({ from: end, to, state: 'unknown', reason: 'not-judged-yet', uncertaintyMs: 0 });
  return result;
}

/** The spans of `[from, to)` in which the object may at worst not have served: down, unknown, and every edge that touches them. */
export function worstSpans(input: TimelineInput, segments: readonly Segment[]): Interval[] {
  const bad = segments.filter((segment) => segment.state === 'down' || segment.state === 'unknown');
  const zones = edgeZones(input, (transition) => touches(transition, 'down') || touches(transition, 'unknown'));
  return clip(input, union([...bad, ...zones]));
}

/** The spans of `[from, to)` in which the object surely did not serve: down, less every edge that touches it. */
export function surelyDownSpans(input: TimelineInput, segments: readonly Segment[]): Interval[] {
  const down = union(segments.filter((segment) => segment.state === 'down'));
  return clip(input, subtract(down, union(edgeZones(input, (transition) => touches(transition, 'down')))));
}

function edgeZones(input: TimelineInput, wanted: (transition: Transition) => boolean): Interval[] {
  return input.transitions.filter(wanted).map(({ edge }) => ({ from: edge.earliest, to: edge.latest }));
}

function touches(transition: Transition, state: State): boolean {
  return transition.from === state || transition.to === state;
}

function clip(period: Interval, spans: readonly Interval[]): Interval[] {
  return intersect(spans, [{ from: period.from, to: period.to }]);
}
