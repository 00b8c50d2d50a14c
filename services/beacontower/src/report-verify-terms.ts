/** Whether what a bundle says of its period, calendar and members is of the objective that it names. Pure. */
import type { CalendarLine, HeaderLine, MemberLine, ObjectiveBody } from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';

/** No node closes a longer one; what is longer would keep whoever verifies it busy for days. */
const LONGEST_PERIOD_MS = 3 * 366 * 86_400_000;

/** Whether it is a period that a node closes. */
export function isPeriod({ from, to }: Pick<HeaderLine, 'from' | 'to'>): boolean {
  return from < to && to - from <= LONGEST_PERIOD_MS;
}

/** Whether the first version names none before it, and every other the one before. */
export function followsPrevious({ figureVersion, previous }: HeaderLine): boolean {
  return (previous?.figureVersion ?? 0) === figureVersion - 1;
}

/** Whether every moment of the period has one version of the objective's own calendar, and nothing else has any. */
export function coversPeriod({ versions }: CalendarLine, { from, to }: Pick<HeaderLine, 'from' | 'to'>, calendar: string): boolean {
  let reached = from;
  for (const version of versions) {
    const isOwn = calendar === 'always' ? version.body === null : version.body?.id === calendar;
    if (!isOwn || version.from !== reached || version.to <= version.from) return false;
    reached = version.to;
  }
  return reached === to;
}

/** Why an object is no member of the objective in the period, as far as a bundle tells; null when it may well be one. */
export function whyNoMember(
  member: MemberLine,
  objective: ObjectiveBody,
  { from, to }: Pick<HeaderLine, 'from' | 'to'>,
): 'commission' | 'division' | 'party' | 'object' | null {
  const { commission, division, party } = member;
  const isOrdered = commission.every((span, index) => {
    const before = commission[index - 1];
    const isAfter = before === undefined || (before.to !== null && before.to <= span.from);
    return isAfter && (span.to === null || span.to > span.from);
  });
  const there = commission.filter((span) => span.from < to && (span.to === null || span.to > from));
  if (!isOrdered || !there.some((span) => span.division === division && span.party === party)) return 'commission';
  const { divisions = null, parties = null } = objective.where ?? {};
  if (!divisionCovers(objective.division, division)) return 'division';
  if (divisions !== null && !divisions.some((path) => divisionCovers(path, division))) return 'division';
  if (parties !== null && (party === null || !parties.includes(party))) return 'party';
  return objective.objects === null || objective.objects.includes(member.object) ? null : 'object';
}
