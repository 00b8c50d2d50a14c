import { describe, expect, it } from 'vitest';
import { placeBounds } from './bounds.ts';

describe('placing the bounds of a figure', () => {
  it('puts the target at the same place whatever it is', () => {
    for (const target of [0.999, 0.9997, 0.95])
      expect(placeBounds({ value: target, lowest: target, highest: target, target }).value).toBeCloseTo(0.75);
  });
  it('ends at 100 %', () => {
    expect(placeBounds({ value: 1, lowest: 0.9995, highest: 1, target: 0.999 })).toMatchObject({ value: 1, to: 1, cut: false });
    expect(placeBounds({ value: 1, lowest: 0.9995, highest: 1, target: 0.999 }).from).toBeCloseTo(0.875);
  });
  it('says when the interval goes on beyond the edge', () => {
    expect(placeBounds({ value: 0.999, lowest: 0.5, highest: 1, target: 0.999 })).toMatchObject({ from: 0, cut: true });
  });
  it('draws nothing for no figure', () => {
    expect(placeBounds({ value: null, lowest: null, highest: null, target: 0.999 })).toMatchObject({ from: null, to: null, value: null });
  });
  it('bears a target of 100 %', () => {
    expect(placeBounds({ value: 1, lowest: 1, highest: 1, target: 1 })).toMatchObject({ from: 1, to: 1, cut: false });
    expect(placeBounds({ value: 0.99, lowest: 0.98, highest: 1, target: 1 })).toMatchObject({ from: 0, value: 0, to: 1, cut: true });
  });
});
