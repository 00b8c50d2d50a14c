/** What stands behind a figure, stretch by stretch: edges, what excluded it, whom it is charged to, where it was observed. */
import {
  chargedOutagesOf,
  coveredSpans,
  type EvidenceContext,
  isExcluded,
  type MemberEvidence,
  type MemberOutage,
  plannedEnd,
  type Stretch,
  timelineOf,
  timestamp,
} from '@beacontower/contracts';
import type { FoundStretch } from '@beacontower/database';
import { excludedSpans, type Interval, intersect, length, subtract, type TimelineInput, union } from '@beacontower/domain';

/** How far round a stretch observations are shown. */
const ROUND_MS = 900_000;

/** What was read about the member of a stretch, computed once. */
export interface MemberPicture {
  readonly evidence: MemberEvidence;
  readonly input: TimelineInput;
  readonly outages: readonly MemberOutage[];
}

export function pictureOf(context: EvidenceContext, evidence: MemberEvidence): MemberPicture {
  const input = timelineOf(context, evidence);
  return { evidence, input, outages: chargedOutagesOf(context, evidence, input) };
}

export function describeStretch(context: EvidenceContext, found: FoundStretch, { evidence, input, outages }: MemberPicture): Stretch {
  const { member, transitions, charges } = evidence;
  const index = transitions.findIndex(({ id }) => id === found.transition);
  const began = transitions[index];
  const ended = began === undefined ? transitions[0] : transitions[index + 1];
  const span: Interval = { from: found.from, to: found.to };
  const excluded = excludedSpans(input);
  const counted = subtract(intersect(union(input.validity), [span]), excluded);
  const outage = found.state === 'down' ? outages.find(({ from, to }) => from < span.to && to > span.from) : undefined;
  const incident = charges.find(({ incident: id }) => id === outage?.incident);
  return {
    object: member.object,
    name: member.name,
    division: member.division,
    state: found.state,
    reason: began?.reason ?? null,
    transition: found.transition,
    begin: began === undefined ? null : edgeView(began),
    end: ended === undefined ? null : edgeView(ended),
    lengthMs: span.to - span.from,
    countedMs: length(counted),
    excludedBy: excludedBy(context, evidence, input, span),
    incident: incident ? { id: incident.incident, number: incident.number, cause: incident.cause } : null,
    charged: outage?.party ?? null,
    chargedBy: outage?.reclassification ?? null,
    observations:
      `/api/v1/objects/${encodeURIComponent(member.object)}/evidence` +
      `?from=${timestamp(span.from - ROUND_MS)}&to=${timestamp(span.to + ROUND_MS)}`,
  };
}

function edgeView({ at, earliest, latest }: { at: number; earliest: number; latest: number }) {
  return { at: timestamp(at), earliest: timestamp(earliest), latest: timestamp(latest) };
}

function excludedBy(
  context: EvidenceContext,
  { member }: MemberEvidence,
  { validity }: TimelineInput,
  span: Interval,
): Stretch['excludedBy'] {
  const meets = (spans: readonly Interval[]) => intersect(union(spans), [span]).length > 0;
  const uncounted = subtract([span], union(context.counted));
  const outOfCommission = subtract([span], union(validity));
  return [
    ...context.plannedWork
      .filter((work) => isExcluded(work) && meets(coveredSpans({ ...work, to: plannedEnd(work) }, member)))
      .map(({ id, title }) => ({ kind: 'planned-work' as const, id, title })),
    ...context.reclassifications
      .filter((stated) => stated.effect === 'exclude' && meets(coveredSpans(stated, member)))
      .map(({ id, reason }) => ({ kind: 'reclassification' as const, id, title: reason })),
    ...(uncounted.length > 0 ? [{ kind: 'calendar' as const, id: null, title: 'outside the calendar' }] : []),
    ...(outOfCommission.length > 0 ? [{ kind: 'commission' as const, id: null, title: 'not in commission' }] : []),
  ];
}
