import { describe, expect, it } from 'vitest';
import { type Related, worstFirst } from './related.ts';

describe('worstFirst', () => {
  it('puts trouble before names, and 2 before 10', () => {
    const item = (name: string, state: Related['state']) => ({
      id: name,
      name,
      nameEn: null,
      state,
      kind: null,
      since: null,
      maintenance: false,
      quiet: false,
      node: null,
      unobserved: null,
    });
    const sorted = worstFirst([item('GE10', 'up'), item('hidden', null), item('GE2', 'up'), item('z', 'down'), item('y', 'unknown')]);
    expect(sorted.map(({ name }) => name)).toEqual(['z', 'y', 'GE2', 'GE10', 'hidden']);
  });
});
