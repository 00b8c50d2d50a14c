/** What the lines of a bundle come to. Whoever closes a period and whoever verifies one, years later, use the same. */
import {
  type Account,
  accountFor,
  type ChargedOutage,
  chargeOutages,
  divisionCovers,
  type Interval,
  objectsCover,
  outagesOf,
  responsibleAccount,
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

/** Whether what names objects and divisions covers the member: the object, its device, or a division it lay in. */
export function coversMember(
  cover: Pick<PlannedWorkLine, 'objects' | 'divisions'>,
  member: Pick<MemberLine, 'object' | 'commission'>,
): boolean {
  if (objectsCover(cover.objects, member.object)) return true;
  return cover.divisions.some((scope) => member.commission.some(({ division }) => divisionCovers(scope, division)));
}

/**
 * The planned time of a member: work approved before it began, up to its end or its cancellation, then the reclassifications in the
 * order in which they were recorded: `exclude` adds its span, `count` takes its span back.
 */
export function exclusionsOf(context: EvidenceContext, member: MemberLine): Interval[] {
  let spans = union(
    context.plannedWork
      .filter((work) => isExcluded(work) && coversMember(work, member))
      .map(({ from, to, cancelledAt }) => ({ from, to: Math.min(to, cancelledAt ?? to) })),
  );
  for (const stated of inOrder(context.reclassifications)) {
    if (stated.effect === 'charge' || !coversMember(stated, member)) continue;
    const stretch = { from: stated.from, to: stated.to };
    spans = stated.effect === 'exclude' ? union([...spans, stretch]) : subtract(spans, [stretch]);
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
    validity: member.commission.map((span) => ({ from: span.from, to: span.to ?? Number.MAX_SAFE_INTEGER })),
    exclusions: exclusionsOf(context, member),
    uncounted: subtract([{ from, to }], union(context.counted)),
    judgedUntil: member.judgedUntil,
  };
}

/** The member's outages and whom each is charged to. */
export function chargedOutagesOf(context: EvidenceContext, evidence: MemberEvidence, input: TimelineInput): ChargedOutage[] {
  const charges = inOrder(context.reclassifications).flatMap((stated) =>
    stated.effect === 'charge' && stated.party !== null && coversMember(stated, evidence.member)
      ? [{ reclassification: stated.id, from: stated.from, to: stated.to, party: stated.party }]
      : [],
  );
  return chargeOutages(outagesOf(input), evidence.charges, charges, evidence.member.party);
}

/** The member's accounts by both bases. */
export function accountsOf(context: EvidenceContext, evidence: MemberEvidence): MemberAccounts {
  const input = timelineOf(context, evidence);
  const experienced = accountFor(input);
  const charged = chargedOutagesOf(context, evidence, input);
  // Most members own every outage of theirs.
  const isOwn = charged.every(({ party }) => party === evidence.member.party);
  return { experienced, responsible: isOwn ? experienced : responsibleAccount(input, charged, evidence.member.party) };
}

function inOrder(stated: readonly ReclassificationLine[]): ReclassificationLine[] {
  return [...stated].sort((a, b) => a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : 1));
}
