import { type ConditionDecision, type ConditionMemory, NOTHING_AFOOT } from './memory.ts';
import { type ConditionRule, type SampleTest, testName } from './rule.ts';

/** One value of an object. It tells of `(at - spanMs, at]`; after `gapMs` without one, what held is not known to have held through. */
export interface SeenValue {
  readonly value: number;
  readonly at: number;
  readonly spanMs: number;
  readonly gapMs: number;
}

/** Whether the value is at or beyond the limit at which the condition is raised. */
export function isRaised({ side, raise }: SampleTest, value: number): boolean {
  return side === 'above' ? value >= raise : value <= raise;
}

/** Whether the value is back: at `clear` or behind it, or, without hysteresis, anything that would not raise it. */
export function isCleared(test: SampleTest, value: number): boolean {
  if (test.clear === test.raise) return !isRaised(test, value);
  return test.side === 'above' ? value <= test.clear : value >= test.clear;
}

/** What a value makes of what is remembered. All of it in the time of the samples. */
export function judgeSample(rule: ConditionRule<SampleTest>, memory: ConditionMemory | null, seen: SeenValue): ConditionDecision {
  if (memory === null) return isRaised(rule.test, seen.value) ? begin(rule, seen, 'begins-to-hold') : NOTHING_AFOOT;
  if (seen.at <= memory.seenAt) return { memory, change: 'none', at: 0, reason: 'seen-already' };
  return memory.phase === 'rising' ? judgeRising(rule, memory, seen) : judgeRaised(rule, memory, seen);
}

function begin(
  rule: ConditionRule<SampleTest>,
  { value, at, spanMs }: SeenValue,
  reason: 'begins-to-hold' | 'begins-anew-after-gap',
): ConditionDecision {
  const held = { test: testName(rule.test), since: at, earliest: at - spanMs, seenAt: at, value, worst: value, clearSince: null };
  if (rule.forMs > 0) return { memory: { ...held, phase: 'rising' }, change: 'none', at: 0, reason };
  return { memory: { ...held, phase: 'raised' }, change: 'raised', at, reason: 'held-long-enough' };
}

function judgeRising(rule: ConditionRule<SampleTest>, memory: ConditionMemory, seen: SeenValue): ConditionDecision {
  if (!isRaised(rule.test, seen.value)) return { ...NOTHING_AFOOT, reason: 'fell-short' };
  if (isAfterGap(memory, seen)) return begin(rule, seen, 'begins-anew-after-gap');
  const next = noted(rule.test, memory, seen);
  if (seen.at - memory.since < rule.forMs) return { memory: next, change: 'none', at: 0, reason: 'holds-not-long-enough' };
  return { memory: { ...next, phase: 'raised' }, change: 'raised', at: memory.since, reason: 'held-long-enough' };
}

function judgeRaised(rule: ConditionRule<SampleTest>, memory: ConditionMemory, seen: SeenValue): ConditionDecision {
  const next = noted(rule.test, memory, seen);
  if (!isCleared(rule.test, seen.value)) return { memory: { ...next, clearSince: null }, change: 'none', at: 0, reason: 'goes-on' };
  const clearSince = isAfterGap(memory, seen) ? seen.at : (memory.clearSince ?? seen.at);
  if (seen.at - clearSince >= rule.clearForMs) return { memory: null, change: 'cleared', at: clearSince, reason: 'cleared-long-enough' };
  const reason = memory.clearSince === clearSince ? 'clear-not-long-enough' : 'begins-to-clear';
  return { memory: { ...next, clearSince }, change: 'none', at: 0, reason };
}

function isAfterGap(memory: ConditionMemory, { at, spanMs, gapMs }: SeenValue): boolean {
  // Counters went on through the gap: an increment that spans it tells of it.
  return at - spanMs - memory.seenAt > gapMs;
}

function noted({ side }: SampleTest, memory: ConditionMemory, { value, at }: SeenValue): ConditionMemory {
  const worst = memory.worst === null ? value : side === 'above' ? Math.max(memory.worst, value) : Math.min(memory.worst, value);
  return { ...memory, seenAt: at, value, worst };
}
