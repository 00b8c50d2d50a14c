import type { Edge, State } from '../state.ts';
import { type ConditionDecision, type ConditionMemory, NOTHING_AFOOT } from './memory.ts';
import { type ConditionRule, type RestartTest, type StateTest, testName } from './rule.ts';

type TimedTest = StateTest | RestartTest;

/**
 * What a state of the object makes of what is remembered. Nothing is raised or cleared by it alone: a state lasts until another comes,
 * so that is for `elapse`.
 */
export function judgeState(
  rule: ConditionRule<StateTest>,
  memory: ConditionMemory | null,
  { state, edge }: { readonly state: State; readonly edge: Pick<Edge, 'at' | 'earliest'> },
): ConditionDecision {
  const holds = state === rule.test.state;
  if (memory === null) return holds ? still(risen(rule.test, edge), 'begins-to-hold') : NOTHING_AFOOT;
  if (edge.at < memory.seenAt) return still(memory, 'seen-already');
  const seen = { ...memory, seenAt: edge.at };
  if (memory.phase === 'rising') return holds ? still(seen, 'holds-not-long-enough') : { ...NOTHING_AFOOT, reason: 'fell-short' };
  if (holds || !isBetter(rule.test, state)) return still({ ...seen, clearSince: null }, 'goes-on');
  return memory.clearSince === null ? still({ ...seen, clearSince: edge.at }, 'begins-to-clear') : still(seen, 'clear-not-long-enough');
}

/** A restart is raised at once, and over some time after the last one. `at` is when the agent started. */
export function judgeRestart(
  rule: ConditionRule<RestartTest>,
  memory: ConditionMemory | null,
  { at, earliest }: { readonly at: number; readonly earliest: number },
): ConditionDecision {
  if (memory !== null && at <= memory.seenAt) return still(memory, 'seen-already');
  if (memory !== null) return still({ ...memory, seenAt: at, clearSince: at }, 'goes-on');
  const raised: ConditionMemory = { ...risen(rule.test, { at, earliest }), phase: 'raised', clearSince: at };
  return { memory: raised, change: 'raised', at, reason: 'held-long-enough' };
}

/** When time alone changes what is remembered of a state or a restart, epoch ms; null: never. */
export function elapsesAt({ forMs, clearForMs }: Pick<ConditionRule, 'forMs' | 'clearForMs'>, memory: ConditionMemory): number | null {
  if (memory.phase === 'rising') return memory.since + forMs;
  return memory.clearSince === null ? null : memory.clearSince + clearForMs;
}

/** What the time makes of what is remembered of a state or a restart. Call only when all that was observed until `now` has been judged. */
export function elapse(rule: ConditionRule<TimedTest>, memory: ConditionMemory, now: number): ConditionDecision {
  const at = elapsesAt(rule, memory);
  if (at === null || at > now) return still(memory, memory.clearSince === null ? 'goes-on' : 'clear-not-long-enough');
  if (memory.phase === 'rising')
    return { memory: { ...memory, phase: 'raised' }, change: 'raised', at: memory.since, reason: 'held-long-enough' };
  const cleared = rule.test.on === 'restart' ? at : (memory.clearSince ?? at);
  return { memory: null, change: 'cleared', at: cleared, reason: 'cleared-long-enough' };
}

// What nobody looked at is not cleared; what was degraded and is down even less.
function isBetter(test: StateTest, state: State): boolean {
  if (test.state === 'unknown') return true;
  return state === 'up' || (state === 'degraded' && test.state === 'down');
}

function risen(test: TimedTest, { at, earliest }: Pick<Edge, 'at' | 'earliest'>): ConditionMemory {
  return { test: testName(test), phase: 'rising', since: at, earliest, seenAt: at, value: null, worst: null, clearSince: null };
}

function still(memory: ConditionMemory, reason: ConditionDecision['reason']): ConditionDecision {
  return { memory, change: 'none', at: 0, reason };
}
