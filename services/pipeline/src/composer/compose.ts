import type { CompositeVersion } from '@beacontower/database';
import { combineTimelines, exactEdge, type State, type Transition } from '@beacontower/domain';

/**
 * The transitions of a composite with edges from `from` on, by the versions of it that were valid: members that changed count from the
 * moment the change was valid. `transitionsOf` gives a member's transitions in force, the last before `from` included.
 */
export function compose(
  versions: readonly CompositeVersion[],
  from: number,
  transitionsOf: (member: string) => readonly Transition[],
): Transition[] {
  const result: Transition[] = [];
  let state: State = 'unknown';
  let end = Number.NEGATIVE_INFINITY;
  const enter = (transition: Transition) => {
    if (transition.to !== state) result.push({ ...transition, from: state });
    state = transition.to;
  };
  for (const version of versions) {
    if (version.from > end && state !== 'unknown') enter(retired(state, end));
    const { before, within } = split(version, combineTimelines(version.combination.rule, version.combination.of.map(transitionsOf)));
    if (before) enter(takenOver(before, version.from));
    else if (state !== 'unknown') enter({ ...retired(state, version.from), reason: 'not-looked-at' });
    // A pair through "unknown" without length says that an edge is open: it stays as it is.
    for (const transition of within) {
      result.push({ ...transition, from: state });
      state = transition.to;
    }
    end = version.to ?? Number.POSITIVE_INFINITY;
  }
  if (end !== Number.POSITIVE_INFINITY && state !== 'unknown') enter(retired(state, end));
  return result.filter(({ edge }) => edge.at >= from);
}

/** What holds when a version begins, and what happens while it is valid. */
function split(
  { from, to }: CompositeVersion,
  transitions: readonly Transition[],
): { before: Transition | undefined; within: Transition[] } {
  const before = transitions.findLast(({ edge }) => edge.at < from);
  return { before, within: transitions.filter(({ edge }) => edge.at >= from && (to === null || edge.at < to)) };
}

/** The state in which a version finds its members; an edge that is still open then stays open. */
function takenOver(before: Transition, at: number): Transition {
  return { ...before, edge: { at, earliest: at, latest: Math.max(at, before.edge.latest) } };
}

function retired(from: State, at: number): Transition {
  return { from, to: 'unknown', edge: exactEdge(at), reason: 'retired', decidedAt: at };
}
