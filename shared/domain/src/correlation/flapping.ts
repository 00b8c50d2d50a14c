import { isWorse, type Severity } from './severity.ts';

/** When an object is said to come and go: the weighted share of its last rounds in which an outage of its own began or ended. */
export interface FlappingPolicy {
  readonly rounds: number;
  /** It begins at or above this share and ends below the other, so that it does not itself come and go. */
  readonly begins: number;
  readonly ends: number;
}
export const FLAPPING_POLICY: FlappingPolicy = { rounds: 20, begins: 0.3, ends: 0.25 };

/** An outage of the object's own began or ended at `at` (epoch ms, event time); what happened behind a dead parent is none. */
export interface OwnChange {
  readonly at: number;
  readonly severity: Severity;
}

/** What is found over the last rounds. */
export interface FlappingFinding {
  readonly share: number;
  /** Rounds with a change, and the worst outage among them. */
  readonly changes: number;
  readonly severity: Severity;
}

/**
 * Icinga's measure: of 20 rounds the newest weighs 1.18, each older one 0.02 less; a change later than `at` is of the newest round.
 * `changes` in any order, `intervalMs` the length of a round.
 */
export function findFlapping(changes: readonly OwnChange[], intervalMs: number, at: number, policy = FLAPPING_POLICY): FlappingFinding {
  const ages = new Set<number>();
  let severity: Severity = 'warning';
  for (const change of changes) {
    const age = Math.max(0, Math.floor((at - change.at) / intervalMs));
    if (age >= policy.rounds) continue;
    ages.add(age);
    if (isWorse(change.severity, severity)) severity = change.severity;
  }
  let weight = 0;
  for (const age of ages) weight += 1.18 - 0.02 * age;
  return { share: weight / policy.rounds, changes: ages.size, severity };
}

/** When it will be steady again if nothing changes after `from`; epoch ms. */
export function steadyAt(changes: readonly OwnChange[], intervalMs: number, from: number, policy = FLAPPING_POLICY): number {
  for (let round = 0; round < policy.rounds; round++) {
    const at = from + round * intervalMs;
    if (findFlapping(changes, intervalMs, at, policy).share < policy.ends) return at;
  }
  return from + policy.rounds * intervalMs;
}

/** The changes that can still count at `at`. */
export function recentChanges(changes: readonly OwnChange[], intervalMs: number, at: number, policy = FLAPPING_POLICY): OwnChange[] {
  return changes.filter((change) => at - change.at < policy.rounds * intervalMs);
}
