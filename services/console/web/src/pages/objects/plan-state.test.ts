import { describe, expect, it } from 'vitest';
import { planState } from './plan-state.ts';
import { type Related, worstFirst } from './related.ts';

const NOON = Date.UTC(2026, 0, 1, 12);
const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString();

describe('planState', () => {
  it.each([
    ['coming', { startsAt: at(13), endsAt: at(14) }],
    ['underWay', { startsAt: at(12), endsAt: at(14) }],
    ['over', { startsAt: at(10), endsAt: at(12) }],
    ['unapproved', { startsAt: at(11), endsAt: at(14), approvedAt: null }],
    ['over', { startsAt: at(10), endsAt: at(11), approvedAt: null }],
    ['cancelled', { startsAt: at(13), endsAt: at(14), cancelledAt: at(9) }],
  ])('%s', (state, plan) => expect(planState({ approvedAt: at(1), cancelledAt: null, ...plan }, NOON)).toBe(state));
});

describe('worstFirst', () => {
  it('puts trouble before names, and 2 before 10', () => {
    const item = (name: string, state: Related['state']) => ({
      id: name,
      name,
      state,
      kind: null,
      since: null,
      maintenance: false,
      quiet: false,
    });
    const sorted = worstFirst([item('GE10', 'up'), item('hidden', null), item('GE2', 'up'), item('z', 'down'), item('y', 'unknown')]);
    expect(sorted.map(({ name }) => name)).toEqual(['z', 'y', 'GE2', 'GE10', 'hidden']);
  });
});
