/** What the lines of a bundle come to. Whoever closes a period and whoever verifies one, years later, use the same. */
import {
  type Account,
  accountFor,
  type ChargedOutage,
  chargeOutages,
  divisionCovers,
  type Interval,
  intersect,
  isSaidOf,
  objectsCover,
  outagesOf,
  subtract,
  type TimelineInput,
  union,
} from '@beacontower/domain';
import type { ChargeLine, MemberLine, PlannedWorkLine, ReclassificationLine, TransitionLine } from './lines.ts';

/** What is said of all members at once. */
export interface EvidenceContext {
  /** The period, half-open. */
  readonly from: number;
  readonly to: number;
  /** The spans of it that the calendar counts. */
  readonly counted: readonly Interval[];
  readonly plannedWork: readonly PlannedWorkLine[];
  readonly reclassifications: readonly ReclassificationLine[];
}

/** What is said of one member. */
export interface MemberEvidence {
  readonly member: MemberLine;
  /** By `at`, then id. */
  readonly transitions: readonly TransitionLine[];
  readonly charges: readonly ChargeLine[];
}

export interface MemberAccounts {
  readonly experienced: Account;
  readonly responsible: Account;
}

/** Whether planned work is left out of the count: approved before it began. */
export function isExcluded(work: Pick<PlannedWorkLine, 'approvedAt' | 'from'>): boolean {
  return work.approvedAt !== null && work.approvedAt <= work.from;
}

/** The parts of its span in which what names objects and divisions covers the member: a division covers it while it lies there. */
export function coveredSpans(
  cover: Pick<PlannedWorkLine, 'objects' | 'divisions' | 'nodes' | 'from' | 'to'>,
  member: Pick<MemberLine, 'object' | 'commission'>,
): Interval[] {
  const span = { from: cover.from, to: cover.to };
  if (!isSaidOf(cover.nodes, member.object)) return [];
  if (objectsCover(cover.objects, member.object) || cover.divisions.includes('')) return [span];
  if (cover.divisions.length === 0) return [];
  const inside = member.commission.filter(({ division }) => cover.divisions.some((scope) => divisionCovers(scope, division)));
  return intersect(union(inside.map(inTime)), [span]);
}

const inTime = ({ from, to }: { from: number; to: number | null }): Interval => ({ from, to: to ?? Number.MAX_SAFE_INTEGER });

/** Where a piece of planned work ends: as planned, or when it was cancelled. */
export function plannedEnd({ to, cancelledAt }: Pick<PlannedWorkLine, 'to' | 'cancelledAt'>): number {
  return Math.min(to, cancelledAt ?? to);
}

/**
 * The planned time of a member: work approved before it began, up to its end or its cancellation, then the reclassifications in the
 * order in which they were recorded: `exclude` adds its span, `count` takes its span back.
 */
export function exclusionsOf(context: EvidenceContext, member: MemberLine): Interval[] {
  let spans = union(context.plannedWork.filter(isExcluded).flatMap((work) => coveredSpans({ ...work, to: plannedEnd(work) }, member)));
  for (const stated of inOrder(context.reclassifications)) {
    if (stated.effect === 'charge') continue;
    const parts = coveredSpans(stated, member);
    spans = stated.effect === 'exclude' ? union([...spans, ...parts]) : subtract(spans, parts);
  }
  return spans;
}

/** What the member's timeline is made of. */
export function timelineOf(context: EvidenceContext, { member, transitions }: MemberEvidence): TimelineInput {
  const { from, to } = context;
  return {
    from,
    to,
    transitions: transitions.map((line) => ({
      from: line.from,
      to: line.to,
      edge: { at: line.at, earliest: line.earliest, latest: line.latest },
      reason: line.reason,
      decidedAt: line.decidedAt,
    })),
    validity: member.commission.map(inTime),
    exclusions: exclusionsOf(context, member),
    uncounted: subtract([{ from, to }], union(context.counted)),
    judgedUntil: member.judgedUntil,
  };
}

/** The member's outages, whole, and whom each is charged to; `own` is whose the member was when it began. */
export function chargedOutagesOf(context: EvidenceContext, evidence: MemberEvidence, input: TimelineInput): MemberOutage[] {
  const { member, charges: incidents } = evidence;
  const outages = outagesOf(input);
  if (outages.length === 0) return [];
  const charges = inOrder(context.reclassifications).flatMap((stated) => {
    const { party } = stated;
    if (stated.effect !== 'charge' || party === null) return [];
    return coveredSpans(stated, member).map((span) => ({ reclassification: stated.id, ...span, party }));
  });
  return outages.flatMap((outage) => {
    const own = partyAt(member, outage.from);
    return chargeOutages([outage], incidents, charges, own).map((charged) => ({ ...charged, own }));
  });
}

export interface MemberOutage extends ChargedOutage {
  readonly own: string | null;
}

/** Whose the member was at a moment; before its first commissioning, that one's. */
function partyAt({ commission }: MemberLine, at: number): string | null {
  return (commission.findLast((span) => span.from <= at) ?? commission[0])?.party ?? null;
}

/**
 * The member's accounts by both bases. By the responsible one the widened spans of outages charged to another party are left out of
 * the count.
 */
export function accountsOf(context: EvidenceContext, evidence: MemberEvidence): MemberAccounts {
  const input = timelineOf(context, evidence);
  const experienced = accountFor(input);
  const foreign = chargedOutagesOf(context, evidence, input).filter(({ party, own }) => party !== own);
  // Most members own every outage of theirs.
  if (foreign.length === 0) return { experienced, responsible: experienced };
  const leftOut = union(foreign.map(({ earliest, latest }) => ({ from: earliest, to: latest })));
  const uncounted = union([...(input.uncounted ?? []), ...intersect(leftOut, [{ from: input.from, to: input.to }])]);
  return { experienced, responsible: accountFor({ ...input, uncounted }) };
}

function inOrder(stated: readonly ReclassificationLine[]): ReclassificationLine[] {
  return [...stated].sort((a, b) => a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : 1));
}
