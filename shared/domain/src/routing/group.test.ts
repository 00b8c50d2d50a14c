import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GroupState, groupKey, judgeGroup, QUIET_GROUP, routeOfGroup } from './group.ts';
import { EVENT, GROUP } from './routing.fixture.ts';
import type { Grouping } from './rules.ts';

const NOW = 1_000_000;
const waits: Grouping = { ...GROUP, waitMs: 10_000 };
const some = (count: number, over = {}) => ({ count, isUrgent: false, isReleased: false, ...over });

describe('judgeGroup', () => {
  it.each<[string, GroupState, Grouping, ReturnType<typeof some>, string, Partial<GroupState>]>([
    ['nothing is configured: it goes at once', QUIET_GROUP, GROUP, some(1), 'each', { flushAt: null, allowedAt: NOW + 30_000 }],
    ['several within the burst: each by itself', QUIET_GROUP, GROUP, some(3), 'each', { allowedAt: NOW + 90_000 }],
    ['more than the burst: one message', QUIET_GROUP, GROUP, some(4), 'together', { allowedAt: NOW + 30_000 }],
    [
      'the burst is used up: it waits for the interval',
      { flushAt: null, allowedAt: NOW + 90_000 },
      GROUP,
      some(1),
      'nothing limit',
      { flushAt: NOW + 30_000 },
    ],
    [
      'a severe one waits for the interval too',
      { flushAt: null, allowedAt: NOW + 90_000 },
      GROUP,
      some(1, { isUrgent: true }),
      'nothing limit',
      { flushAt: NOW + 30_000 },
    ],
    [
      'the interval is over: all that waited in one message',
      { flushAt: NOW, allowedAt: NOW + 60_000 },
      GROUP,
      some(2),
      'together',
      { flushAt: null, allowedAt: NOW + 90_000 },
    ],
    ['the first waits for others', QUIET_GROUP, waits, some(1), 'nothing first-wait', { flushAt: NOW + 10_000, allowedAt: 0 }],
    ['another joins it', { flushAt: NOW + 4_000, allowedAt: 0 }, waits, some(2), 'nothing first-wait', { flushAt: NOW + 4_000 }],
    ['the first wait is over', { flushAt: NOW, allowedAt: 0 }, waits, some(2), 'together', { flushAt: null, allowedAt: NOW + 30_000 }],
    [
      'a severe one does not wait and takes along what waits',
      { flushAt: NOW + 4_000, allowedAt: 0 },
      waits,
      some(2, { isUrgent: true }),
      'together',
      { flushAt: null },
    ],
    ['after the first message the others do not wait', { flushAt: null, allowedAt: NOW + 20_000 }, waits, some(1), 'together', {}],
    ['what was held back together goes together', QUIET_GROUP, GROUP, some(2, { isReleased: true }), 'together', {}],
    ['and does not wait for others', QUIET_GROUP, waits, some(2, { isReleased: true }), 'together', { flushAt: null }],
  ])('%s', (_name, state, grouping, waiting, send, after) => {
    const decision = judgeGroup(state, grouping, waiting, NOW);
    expect('why' in decision ? `${decision.send} ${decision.why}` : decision.send).toBe(send);
    expect(decision.state).toMatchObject(after);
  });

  it('lets no more go than the burst and one per interval, and keeps nothing longer than an interval and the first wait', () => {
    const arrivals = fc.array(fc.record({ after: fc.nat(20_000), count: fc.integer({ min: 1, max: 30 }), isUrgent: fc.boolean() }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 8 }), fc.constantFrom(0, 7_000), (steps, burst, waitMs) => {
        const grouping = { ...GROUP, burst, waitMs };
        const sent: number[] = [];
        let state = QUIET_GROUP;
        let waiting = 0;
        let oldest: number | null = null;
        let now = NOW;
        const judge = (isUrgent: boolean) => {
          const decision = judgeGroup(state, grouping, some(waiting, { isUrgent }), now);
          state = decision.state;
          if (decision.send === 'nothing') {
            expect(state.flushAt).toBeGreaterThan(now);
            return;
          }
          expect(now - (oldest ?? now)).toBeLessThanOrEqual(grouping.intervalMs + waitMs);
          for (let i = 0; i < (decision.send === 'together' ? 1 : waiting); i++) sent.push(now);
          waiting = 0;
          oldest = null;
        };
        for (const { after, count, isUrgent } of steps) {
          const arrival = now + after;
          while (waiting > 0 && state.flushAt !== null && state.flushAt <= arrival) {
            now = state.flushAt;
            judge(false);
          }
          now = arrival;
          waiting += count;
          oldest ??= now;
          judge(isUrgent);
        }
        for (const [index, from] of sent.entries()) {
          const within = sent.slice(index).filter((at) => at < from + grouping.intervalMs);
          expect(within.length).toBeLessThanOrEqual(burst + 1);
        }
        const first = sent[0] ?? now;
        expect(sent.length).toBeLessThanOrEqual(burst + Math.floor((now - first) / grouping.intervalMs));
      }),
    );
  });
});

describe('a clock that goes back', () => {
  it.each([GROUP, waits])('keeps no group waiting for longer than it may wait anyway', (grouping) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 400 * 86_400_000 }), (count, backMs) => {
        const then = NOW + 500 * 86_400_000;
        let state = QUIET_GROUP;
        for (let i = 0; i < 5; i++) state = judgeGroup(state, grouping, some(count), then).state;
        const now = then - backMs;
        const decision = judgeGroup(state, grouping, some(count), now);
        const longest = now + Math.max(grouping.waitMs, grouping.intervalMs);
        if (decision.send === 'nothing') expect(decision.state.flushAt).toBeLessThanOrEqual(longest);
        expect(decision.state.allowedAt).toBeLessThanOrEqual(now + (grouping.burst + 1) * grouping.intervalMs);
      }),
    );
  });
});

describe('groupKey', () => {
  const place = { channel: 'mail', address: 'noc@example.cn' };

  it('holds the route, the contact, the target and what it is grouped by', () => {
    const key = groupKey('r', { ...GROUP, by: ['division', 'severity'] }, 'noc', place, EVENT);
    expect(key).toBe('["r","noc","mail","noc@example.cn","cn.gd.guangzhou","critical"]');
    expect(routeOfGroup(key)).toBe('r');
  });

  it('is another for another contact, target or division, and the same for other objects', () => {
    const by = { ...GROUP, by: ['division'] as const };
    const base = groupKey('r', by, 'noc', place, EVENT);
    expect(groupKey('r', by, 'noc', place, { ...EVENT, object: 'n:b', severity: 'minor' })).toBe(base);
    const others = [
      groupKey('s', by, 'noc', place, EVENT),
      groupKey('r', by, 'boss', place, EVENT),
      groupKey('r', by, 'noc', { ...place, address: null }, EVENT),
      groupKey('r', by, 'noc', place, { ...EVENT, division: 'cn.gx' }),
    ];
    expect(new Set([base, ...others]).size).toBe(5);
  });
});
