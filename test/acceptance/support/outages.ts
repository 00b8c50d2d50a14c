import type { TimelineSegment } from '@beacontower/contracts';
import { downtime, EVERYTHING, globalId, type LabObject, type Stand, type TrueOutage, trueOutages } from '@beacontower/test-lab';
import { waitFor } from '@beacontower/testing';
import { expect } from 'vitest';

/** Objects of the lab are asked over both families and serve over any: they are out when neither answers. */
const FAMILIES = [4, 6] as const;

export interface Period {
  /** Epoch ms, half-open. */
  readonly from: number;
  readonly to: number;
}

function outagesOf(stand: Stand, object: LabObject): TrueOutage[] {
  return trueOutages(object, FAMILIES, stand.lab.events);
}

/** Waits until everything up to `to` has been judged. */
export async function judgedUpTo(stand: Stand, { from, to }: Period): Promise<void> {
  await waitFor(async () => Date.parse((await stand.product.api.availability(EVERYTHING, from, to)).asOf) >= to, {
    timeoutMs: 45_000,
    intervalMs: 500,
    what: 'the period to be judged to its end',
  });
}

/**
 * Holds the availability of every object against the truth: the true downtime lies within the bounds. `slackMs` is how wide the
 * bounds of one edge may be, so that they cannot be right by being empty; `unknownMs` what nobody may have looked at.
 */
export async function expectBoundsHoldTruth(
  stand: Stand,
  period: Period,
  allowed: { slackMs: (object: LabObject) => number; unknownMs: number },
): Promise<void> {
  const length = period.to - period.from;
  const answer = await stand.product.api.availability(EVERYTHING, period.from, period.to);
  expect(answer.groups).toHaveLength(stand.lab.plan.objects.length);
  const wrong: string[] = [];
  for (const object of stand.lab.plan.objects) {
    const group = answer.groups.find(({ key }) => key === globalId(object.id));
    if (group?.lowest == null || group.highest == null) {
      wrong.push(`${object.id} has no figure`);
      continue;
    }
    const outages = outagesOf(stand, object);
    const { least, most } = downtime(outages, period.from, period.to);
    const bounds = { least: (1 - group.highest) * length, most: (1 - group.lowest) * length };
    const said = `${object.id}: true downtime ${least.toFixed(1)} to ${most.toFixed(1)} ms, bounds ${bounds.least.toFixed(1)} to ${bounds.most.toFixed(1)} ms`;
    if (most < bounds.least - 0.01 || least > bounds.most + 0.01) wrong.push(said);
    const edges = outages.flatMap(({ end }) => (end === null ? [1] : [1, 1])).length;
    if (bounds.most - bounds.least > edges * allowed.slackMs(object) + allowed.unknownMs) wrong.push(`${said}: too wide`);
    if (group.upMs + group.downMs + group.unknownMs + group.excludedMs !== length) wrong.push(`${object.id}: the states do not add up`);
  }
  expect(wrong).toEqual([]);
}

/** The timeline covers the period without gap or overlap; gives its segments. */
export async function wholeTimeline(stand: Stand, object: string, { from, to }: Period): Promise<TimelineSegment[]> {
  const items = await stand.product.api.timeline(globalId(object), from, to);
  const edges = items.map((segment) => [Date.parse(segment.from), Date.parse(segment.to)]);
  expect(edges[0]?.[0], `${object}: beginning of its timeline`).toBe(from);
  expect(edges.at(-1)?.[1], `${object}: end of its timeline`).toBe(to);
  for (const [i, [start]] of edges.entries()) if (i > 0) expect(start, `${object}: gap before segment ${i}`).toBe(edges[i - 1]?.[1]);
  return items;
}

/**
 * Every true outage is one `down` segment of the timeline whose edges hold the truth, and there is no other: nothing was
 * called down that was not. Gives the segments of each object for further questions.
 */
export async function expectOutagesExactly(stand: Stand, period: Period): Promise<Map<string, TimelineSegment[]>> {
  const timelines = new Map<string, TimelineSegment[]>();
  for (const object of stand.lab.plan.objects) {
    const segments = await wholeTimeline(stand, object.id, period);
    timelines.set(object.id, segments);
    const down = segments.flatMap((segment, i) => (segment.state === 'down' ? [{ segment, next: segments[i + 1] }] : []));
    const outages = outagesOf(stand, object);
    expect(down.length, `${object.id}: outages`).toBe(outages.length);
    for (const [i, { start, end }] of outages.entries()) {
      const found = down[i];
      if (found === undefined) continue;
      expectEdge(`${object.id}: start of outage ${i}`, found.segment, start);
      if (end !== null && found.next !== undefined) expectEdge(`${object.id}: end of outage ${i}`, found.next, end);
    }
  }
  return timelines;
}

/** The edge truly lies within `edgeUncertaintyMs` of the estimate, either way; a millisecond is lost by rounding. */
function expectEdge(what: string, segment: TimelineSegment, truth: { before: number; after: number }): void {
  const at = Date.parse(segment.from);
  const within = segment.edgeUncertaintyMs + 1;
  const distance = Math.max(truth.before - at, at - truth.after, 0);
  expect(distance, `${what}: ${distance} ms from the estimate, which is good to ${within} ms`).toBeLessThanOrEqual(within);
}
