import type { Interval } from '../intervals.ts';
import type { Reason, Transition } from '../state.ts';
import type { TimelineInput } from '../timeline.ts';

/** One time in which an object did not serve: `[from, to)` by the estimate, surely within `[earliest, latest)`. */
export interface Outage extends Interval {
  readonly earliest: number;
  readonly latest: number;
  readonly reason: Reason;
}

/**
 * The outages that may reach into the period: maximal spans of "down" (degraded serves, unknown is no outage; what has no length
 * by the estimate interrupts nothing), whole and not cut to the period, so that every part of a period names the same ones. They
 * are as whole as the transitions are: `transitions` should hold both ends of each. One without an end lasts until what has been
 * judged. Commissioning, planned work and calendar are not looked at.
 */
export function outagesOf(input: TimelineInput): Outage[] {
  return joined(downSpans(input)).filter(({ earliest, latest }) => latest > input.from && earliest < input.to);
}

function downSpans({ transitions, judgedUntil, from }: TimelineInput): Outage[] {
  const result: Outage[] = [];
  const first = transitions[0];
  // It was down before anything is said of it: since when is not told.
  let open: Outage | null = first?.from === 'down' ? begin(Math.min(from, first.edge.earliest), first) : null;
  for (const transition of transitions) {
    const { edge } = transition;
    if (edge.at > judgedUntil) break;
    if (open && transition.to !== 'down') {
      result.push({ ...open, to: edge.at, latest: Math.max(open.latest, edge.latest) });
      open = null;
    } else if (!open && transition.to === 'down') {
      open = { from: edge.at, to: edge.at, earliest: edge.earliest, latest: edge.latest, reason: transition.reason };
    }
  }
  if (open) result.push({ ...open, to: Math.max(open.from, judgedUntil), latest: Math.max(open.latest, judgedUntil) });
  return result;
}

function begin(at: number, { reason }: Transition): Outage {
  return { from: at, to: at, earliest: at, latest: at, reason };
}

function joined(outages: readonly Outage[]): Outage[] {
  const result: Outage[] = [];
  for (const outage of outages) {
    const last = result.at(-1);
    if (last && outage.from <= last.to) {
      const earliest = Math.min(last.earliest, outage.earliest);
      result[result.length - 1] = { ...last, to: outage.to, earliest, latest: Math.max(last.latest, outage.latest) };
    } else result.push(outage);
  }
  return result;
}
