import { type ClockState, clockOf } from '@beacontower/domain';

/** What a clock shows at `now`, by the rule by which the node itself reads it. Without a moment of warning it warns of nothing. */
export function readClock(
  clock: { readonly dueAt: string; readonly warnAt: string | null; readonly metAt: string | null },
  now: number,
): { readonly state: ClockState; readonly leftMs: number } {
  const dueAt = Date.parse(clock.dueAt);
  const warnAt = clock.warnAt === null ? dueAt : Date.parse(clock.warnAt);
  return clockOf({ dueAt, warnAt }, clock.metAt === null ? null : Date.parse(clock.metAt), now);
}
