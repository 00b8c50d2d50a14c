import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MonitoredObject } from '../inventory.ts';
import { isCleared, isRaised, judgeSample } from './judge-sample.ts';
import { elapse, elapsesAt, judgeRestart, judgeState } from './judge-state.ts';
import type { ConditionMemory } from './memory.ts';
import { type ConditionRule, type ConditionWhere, conditionCovers, type SampleTest, type StateTest, testName } from './rule.ts';
import { lostShare, utilisationOf, worseOf } from './values.ts';

const T = Date.UTC(2026, 10, 22);
const MINUTE = 60_000;

const busy = (over: Partial<ConditionRule<SampleTest>> = {}): ConditionRule<SampleTest> => ({
  id: 'busy',
  test: { on: 'samples', metric: 'utilisation', side: 'above', raise: 0.8, clear: 0.7 },
  forMs: 3 * MINUTE,
  clearForMs: 2 * MINUTE,
  ...over,
});

/** What minutes of values come to: `!` raised, `.` cleared, else the reason; null is a minute without a sample. */
function told(rule: ConditionRule<SampleTest>, values: readonly (number | null)[], gapMs = MINUTE): string[] {
  let memory: ConditionMemory | null = null;
  return values.flatMap((value, minute) => {
    if (value === null) return [];
    const decision = judgeSample(rule, memory, { value, at: T + minute * MINUTE, spanMs: MINUTE, gapMs });
    memory = decision.memory;
    if (decision.change === 'raised') return [`! since ${(decision.at - T) / MINUTE}`];
    if (decision.change === 'cleared') return [`. since ${(decision.at - T) / MINUTE}`];
    return [decision.reason];
  });
}

describe('a condition on samples', () => {
  it.each<[string, Partial<ConditionRule<SampleTest>>, (number | null)[], string[]]>([
    [
      'is raised when every value of its time was at or beyond the limit, and cleared when none of its time was beyond the other',
      {},
      [0.5, 0.8, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.1],
      [
        'does-not-hold',
        'begins-to-hold',
        'holds-not-long-enough',
        'holds-not-long-enough',
        '! since 1',
        'goes-on',
        'begins-to-clear',
        'clear-not-long-enough',
        '. since 6',
      ],
    ],
    ['is not raised by a peak', {}, [0.9, 0.9, 0.79, 0.9], ['begins-to-hold', 'holds-not-long-enough', 'fell-short', 'begins-to-hold']],
    [
      'is not cleared by a dip',
      { forMs: 0 },
      [0.9, 0.6, 0.71, 0.6, 0.6, 0.6],
      ['! since 0', 'begins-to-clear', 'goes-on', 'begins-to-clear', 'clear-not-long-enough', '. since 3'],
    ],
    ['without times is raised and cleared at once', { forMs: 0, clearForMs: 0 }, [0.8, 0.7, 0.8], ['! since 0', '. since 1', '! since 2']],
    [
      'does not take a gap for holding',
      {},
      [0.9, 0.9, null, null, 0.9, 0.9, 0.9, 0.9],
      ['begins-to-hold', 'holds-not-long-enough', 'begins-anew-after-gap', 'holds-not-long-enough', 'holds-not-long-enough', '! since 4'],
    ],
    ['takes one missing sample for none', {}, [0.9, 0.9, null, 0.9], ['begins-to-hold', 'holds-not-long-enough', '! since 0']],
    [
      'is not cleared by a gap: silence is no evidence',
      { forMs: 0 },
      [0.9, 0.6, null, null, null, 0.6, 0.6, 0.6],
      ['! since 0', 'begins-to-clear', 'begins-to-clear', 'clear-not-long-enough', '. since 5'],
    ],
  ])('%s', (_, over, values, expected) => {
    expect(told(busy(over), values)).toEqual(expected);
  });

  it('below a limit is the mirror of one above', () => {
    const test: SampleTest = { on: 'samples', metric: 'utilisation', side: 'below', raise: 0.1, clear: 0.2 };
    expect(told(busy({ test, forMs: 0, clearForMs: 0 }), [0.11, 0.1, 0.19, 0.2])).toEqual([
      'does-not-hold',
      '! since 1',
      'goes-on',
      '. since 3',
    ]);
  });

  it.each([
    ['above', 0.5, 0.5, 0.5, true, false],
    ['above', 0.5, 0.5, 0.49, false, true],
    ['above', 0.001, 0, 0, false, true],
    ['below', 20, 20, 20, true, false],
    ['below', 20, 20, 21, false, true],
  ] as const)('%s %d, clear %d, of %d: raised %s, cleared %s', (side, raise, clear, value, raised, cleared) => {
    const test: SampleTest = { on: 'samples', metric: 'errors', side, raise, clear };
    expect([isRaised(test, value), isCleared(test, value)]).toEqual([raised, cleared]);
  });

  it('is not moved by what it has seen already', () => {
    const { memory } = judgeSample(busy(), null, { value: 0.9, at: T, spanMs: MINUTE, gapMs: MINUTE });
    expect(judgeSample(busy(), memory, { value: 0, at: T, spanMs: MINUTE, gapMs: MINUTE })).toMatchObject({
      memory,
      reason: 'seen-already',
    });
  });

  it('remembers the worst of both sides', () => {
    let memory: ConditionMemory | null = null;
    for (const [minute, value] of [0.9, 0.95, 0.85].entries())
      memory = judgeSample(busy(), memory, { value, at: T + minute * MINUTE, spanMs: MINUTE, gapMs: MINUTE }).memory;
    expect(memory).toMatchObject({ value: 0.85, worst: 0.95, since: T, earliest: T - MINUTE });
  });

  it('is raised and cleared in turn, whatever comes, and comes to the same when it begins anew in the middle', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.nat(5), fc.nat(5), fc.nat(60), (values, forMinutes, clearMinutes, cut) => {
        const rule = busy({ forMs: forMinutes * MINUTE, clearForMs: clearMinutes * MINUTE });
        let memory: ConditionMemory | null = null;
        let raised = false;
        for (const [minute, each] of values.entries()) {
          if (minute === cut) memory = JSON.parse(JSON.stringify(memory)) as ConditionMemory | null;
          const seen = { value: each, at: T + minute * MINUTE, spanMs: MINUTE, gapMs: MINUTE };
          const decision = judgeSample(rule, memory, seen);
          if (decision.change === 'raised') expect(raised).toBe(false);
          if (decision.change === 'cleared') expect(raised).toBe(true);
          if (decision.change !== 'none') raised = !raised;
          memory = decision.memory;
          expect(memory?.phase === 'raised').toBe(raised);
          expect(judgeSample(rule, memory, seen).change).toBe(
            memory === null && rule.forMs === 0 && isRaised(rule.test, each) ? 'raised' : 'none',
          );
        }
      }),
    );
  });
});

describe('a condition on a state', () => {
  const rule: ConditionRule<StateTest> = { id: 'down', test: { on: 'state', state: 'down' }, forMs: 2 * MINUTE, clearForMs: MINUTE };
  const see = (memory: ConditionMemory | null, state: 'up' | 'down' | 'degraded' | 'unknown', minute: number, of = rule) =>
    judgeState(of, memory, { state, edge: { at: T + minute * MINUTE, earliest: T + minute * MINUTE - 5_000 } });

  it('lasts until another comes: it is raised and cleared by the time', () => {
    const down = see(null, 'down', 0).memory as ConditionMemory;
    expect(elapsesAt(rule, down)).toBe(T + 2 * MINUTE);
    expect(elapse(rule, down, T + 2 * MINUTE - 1).change).toBe('none');
    const raised = elapse(rule, down, T + 2 * MINUTE);
    expect(raised).toMatchObject({ change: 'raised', at: T });
    const raisedMemory = raised.memory as ConditionMemory;
    expect(elapsesAt(rule, raisedMemory)).toBeNull();
    const clearing = see(raisedMemory, 'up', 10).memory as ConditionMemory;
    expect(elapse(rule, clearing, T + 11 * MINUTE - 1).change).toBe('none');
    expect(elapse(rule, clearing, T + 11 * MINUTE)).toMatchObject({ change: 'cleared', at: T + 10 * MINUTE, memory: null });
    expect(see(clearing, 'down', 10.5).memory).toMatchObject({ clearSince: null });
  });

  it.each([
    ['falls short when it ends before its time', 'down', 'rising', 'up', 'fell-short'],
    ['falls short when nobody looks any more', 'down', 'rising', 'unknown', 'fell-short'],
    ['is not cleared by what nobody looks at', 'down', 'raised', 'unknown', 'goes-on'],
    ['is cleared by a degradation', 'down', 'raised', 'degraded', 'begins-to-clear'],
    ['of a degradation is not cleared by an outage', 'degraded', 'raised', 'down', 'goes-on'],
    ['of what nobody looks at is cleared by whatever is seen', 'unknown', 'raised', 'down', 'begins-to-clear'],
  ] as const)('%s', (_, state, phase, next, reason) => {
    const of = { ...rule, test: { on: 'state', state } as const };
    const memory = { ...(see(null, state, 0, of).memory as ConditionMemory), phase };
    expect(see(memory, next, 1, of).reason).toBe(reason);
  });
});

describe('a condition on restarts', () => {
  const rule = { id: 'restarted', test: { on: 'restart' } as const, forMs: 0, clearForMs: 10 * MINUTE };

  it('is raised once for restarts that follow each other, and over some time after the last', () => {
    const first = judgeRestart(rule, null, { at: T, earliest: T - 1_000 });
    expect(first).toMatchObject({ change: 'raised', at: T });
    const again = judgeRestart(rule, first.memory, { at: T + 5 * MINUTE, earliest: T });
    expect(again.change).toBe('none');
    const memory = again.memory as ConditionMemory;
    expect(elapse(rule, memory, T + 10 * MINUTE).change).toBe('none');
    expect(elapse(rule, memory, T + 15 * MINUTE)).toMatchObject({ change: 'cleared', at: T + 15 * MINUTE });
    expect(judgeRestart(rule, memory, { at: T + 5 * MINUTE, earliest: T }).reason).toBe('seen-already');
  });
});

describe('which objects', () => {
  const device: MonitoredObject = {
    ...{ id: 'bj:core', kind: 'device', name: 'core', division: 'cn.bj', class: 'backbone', party: 'noc', servingRule: 'any', weight: 1 },
    ...{ dependency: { parents: [], rule: { require: 'any' } }, checks: [], runbook: null, attributes: { role: 'core' } },
  };
  const port = { ...device, id: 'bj:core/Gi0-1', kind: 'interface' } as const;
  const all: ConditionWhere = { kinds: null, classes: null, divisions: null, parties: null, attributes: null, objects: null };
  const down: StateTest = { on: 'state', state: 'down' };
  const { test } = busy();

  it.each<[string, Partial<ConditionWhere>, SampleTest | StateTest, boolean, boolean]>([
    ['all', {}, test, true, true],
    ['of a kind', { kinds: ['interface'] }, test, false, true],
    ['of another class', { classes: ['other'] }, test, false, false],
    ['inside a division', { divisions: ['cn'] }, test, true, true],
    ['of a division that only begins alike', { divisions: ['cn.b'] }, test, false, false],
    ['of a party', { parties: ['noc'] }, test, true, true],
    ['with attributes', { attributes: { role: 'core' } }, test, true, true],
    ['with attributes of another value', { attributes: { role: 'edge' } }, test, false, false],
    ['a named device and, where interfaces count, its interfaces', { objects: ['bj:core'] }, test, true, true],
    ['a named device alone, where states are', { objects: ['bj:core'] }, down, true, false],
  ])('%s', (_, where, of, ofDevice, ofPort) => {
    expect([device, port].map((object) => conditionCovers({ ...all, ...where }, of, object))).toEqual([ofDevice, ofPort]);
  });

  it('a test has a name', () => {
    expect([test, down, { on: 'restart' } as const].map(testName)).toEqual(['utilisation above', 'state down', 'restart']);
  });
});

describe('values', () => {
  it('are shares of the busier direction, and not known where the speed is not', () => {
    // 1 Gbit/s for 60 s is 7.5 GB.
    expect(utilisationOf(3_750_000_000, 750_000_000, 1_000, MINUTE)).toBeCloseTo(0.5, 12);
    expect(utilisationOf(Number.NaN, 750_000_000, 1_000, MINUTE)).toBeCloseTo(0.1, 12);
    expect(utilisationOf(Number.NaN, Number.NaN, 1_000, MINUTE)).toBeNaN();
    expect(utilisationOf(1, 1, 0, MINUTE)).toBeNaN();
    expect(worseOf(0.1, Number.NaN)).toBe(0.1);
  });

  it('of what was lost are of what went and was lost, of at least a hundred packets', () => {
    expect(lostShare(1, 99, 0, 0)).toBe(0.01);
    expect(lostShare(100, 600, 200, 100)).toBe(0.1);
    expect(lostShare(1, 2, Number.NaN, Number.NaN)).toBe(0.01);
    expect(lostShare(0, 0, 0, 0)).toBe(0);
    expect(lostShare(1, Number.NaN, 0, 0)).toBeNaN();
  });
});
