import { type CheckState, DEFAULT_ICMP_POLICY, evaluateObservation, INITIAL_CHECK_STATE, NO_RUN, type Run } from '@beacontower/domain';
import { packValue } from '@beacontower/queue';
import { describe, expect, test } from 'vitest';
import type { PartitionSnapshot } from './partition.ts';
import { packSnapshot, unpackSnapshot } from './snapshot.ts';

const AT = 1_800_000_000_123;
const snapshot: PartitionSnapshot = {
  checks: [
    [1, INITIAL_CHECK_STATE],
    [70_000, { ...INITIAL_CHECK_STATE, state: 'down', lastAt: AT, lookedTick: AT - 3, lastGood: AT - 50, lastBad: null }],
    [
      3,
      {
        ...INITIAL_CHECK_STATE,
        state: 'up',
        lastAt: AT,
        bad: { count: 2, confirmed: 1, first: AT, began: AT - 900, after: null },
        level: NO_RUN,
      },
    ],
  ],
  objects: [
    ['n:a', 'unknown', 0, []],
    ['n:乙', 'degraded', AT, [AT, AT + 1]],
  ],
  shards: [['0.main.icmp.10000', AT, 0]],
};

describe('snapshots', () => {
  test('come back as they went', () => {
    expect(unpackSnapshot(packSnapshot(snapshot))).toEqual(snapshot);
  });

  test('a run remembered by a version that did not know when it began is taken to begin with its first evidence', () => {
    const [, , [, remembered]] = snapshot.checks as [unknown, unknown, [number, CheckState]];
    const { began: _, ...before } = remembered.bad;
    const stored = packSnapshot({ ...snapshot, checks: [[3, { ...remembered, bad: before as Run }]] });
    expect(unpackSnapshot(stored).checks[0]?.[1].bad).toEqual({ ...before, began: AT });
  });

  test('an empty partition too', () => {
    const empty: PartitionSnapshot = { checks: [], objects: [], shards: [] };
    expect(unpackSnapshot(packSnapshot(empty))).toEqual(empty);
  });

  test('a steady check leaves nothing but its columns, however often it was seen', () => {
    let state = INITIAL_CHECK_STATE;
    for (let at = AT; at < AT + 100_000; at += 10_000) {
      state = evaluateObservation(
        state,
        { at, tick: at, verdict: 'up', confirmed: true, first: at + 5, last: at + 4 },
        DEFAULT_ICMP_POLICY,
      ).state;
    }
    expect([state.bad, state.good, state.level]).toEqual([NO_RUN, NO_RUN, NO_RUN]);
  });

  test.each([
    ['another format', packValue({ format: 2 })],
    ['garbage', Buffer.from('garbage')],
  ])('%s is refused', (_, bytes) => {
    expect(() => unpackSnapshot(bytes)).toThrow();
  });
});
