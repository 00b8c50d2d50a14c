import type { ParentRule } from '../inventory.ts';
import { STATES, type State } from '../state.ts';

/** The states an object may truly be in at a moment. */
export type Possible = { readonly [S in State]: boolean };

/** How many of `members` must serve. */
export function neededOf(rule: ParentRule, members: number): number {
  if (rule.require === 'all') return members;
  return rule.require === 'any' ? 1 : rule.count;
}

/**
 * The state of a composite: it serves while enough members do, degraded while one of them is degraded or redundancy is lost; it is
 * down when too few could even if all that nobody looked at served; else unknown.
 */
export function combineStates(needed: number, states: readonly State[]): State {
  const serving = states.filter((state) => state === 'up' || state === 'degraded').length;
  const unknown = states.filter((state) => state === 'unknown').length;
  if (serving + unknown < needed) return 'down';
  if (serving < needed) return 'unknown';
  return serving + unknown === states.length && !states.includes('degraded') ? 'up' : 'degraded';
}

/** Every state that `combineStates` can give for members that are each in one of their possible states. */
export function combinePossible(needed: number, members: readonly Possible[]): Possible {
  const count = (wanted: (member: Possible) => boolean): number => members.filter(wanted).length;
  const canServe = count((member) => member.up || member.degraded);
  const mayServe = count((member) => member.up || member.degraded || member.unknown);
  const enough = canServe >= needed;
  return {
    up: count((member) => member.up) >= needed && count((member) => member.up || member.unknown) === members.length,
    // One is in trouble, and enough of the others (or itself, degraded) serve.
    degraded: enough && members.some((member) => member.degraded || (member.down && canServe - (member.up ? 1 : 0) >= needed)),
    down: count((member) => !member.down) < needed,
    unknown: mayServe >= needed && canBeUndecided(needed, members),
  };
}

/** Some choice in which too few serve, and enough do once those that nobody looked at are taken to serve. */
function canBeUndecided(needed: number, members: readonly Possible[]): boolean {
  if (!members.some((member) => member.unknown)) return false;
  // As few as can be serve: those that can be nothing else. As many as can be are unknown among the others.
  const mustServe = members.filter((member) => !member.down && !member.unknown).length;
  if (mustServe >= needed) return false;
  const others = members.filter((member) => member.unknown).length;
  const helpers = members.filter((member) => !member.unknown && member.down && (member.up || member.degraded)).length;
  // Members that can serve or be down, but not be unknown, may be made to serve, as long as too few do in all.
  return mustServe + others + Math.min(helpers, needed - 1 - mustServe) >= needed;
}

/** Whether all that is possible is one state. */
export function isCertain(possible: Possible): boolean {
  return STATES.filter((state) => possible[state]).length === 1;
}

/** Whether all that is possible counts alike: serving (up or degraded), down, or unknown. */
export function countsAlike(possible: Possible): boolean {
  return [possible.up || possible.degraded, possible.down, possible.unknown].filter(Boolean).length === 1;
}
