import { describe, expect, it } from 'vitest';
import { type CounterReading, Increases } from './increases.ts';

const reading = (value: number, labels: Record<string, string> = {}, process = 'a'): CounterReading => ({
  process,
  name: 'rounds',
  labels,
  value,
});

describe('increases of counters', () => {
  it('begin with the first look: what was counted before it is of another time', () => {
    const increases = new Increases();
    increases.take([reading(1_000)], 0, -1);
    expect(increases.sum('rounds')).toBe(0);
    increases.take([reading(1_003)], 1, -1);
    expect(increases.sum('rounds')).toBe(3);
  });

  it('count all of a process that was started again, or came later', () => {
    const increases = new Increases();
    increases.take([reading(1_000)], 0, -1);
    increases.take([reading(2)], 1, -1);
    increases.take([reading(4), reading(5, {}, 'b')], 2, -1);
    expect(increases.sum('rounds')).toBe(2 + 2 + 5);
  });

  it('are not repeated by a process that was silent for a while', () => {
    const increases = new Increases();
    increases.take([reading(10), reading(1, {}, 'b')], 0, -1);
    increases.take([reading(1, {}, 'b')], 1, -1);
    increases.take([reading(12), reading(1, {}, 'b')], 2, -1);
    expect(increases.sum('rounds')).toBe(2);
  });

  it('are told apart by labels and let go when the window has passed', () => {
    const increases = new Increases();
    increases.take([reading(0, { zone: 'x' }), reading(0, { zone: 'y' })], 0, -1);
    increases.take([reading(3, { zone: 'x' }), reading(4, { zone: 'y' })], 10, 0);
    expect([increases.sum('rounds', { zone: 'x' }), increases.sum('rounds')]).toEqual([3, 7]);
    expect(increases.valuesOf('rounds', 'zone')).toEqual(['x', 'y']);
    increases.take([reading(3, { zone: 'x' }), reading(5, { zone: 'y' })], 20, 10);
    expect([increases.sum('rounds', { zone: 'x' }), increases.sum('rounds')]).toEqual([0, 1]);
  });

  it('a look that met nobody is not the first one', () => {
    const increases = new Increases();
    increases.take([], 0, -1);
    increases.take([reading(1_000)], 1, -1);
    expect(increases.sum('rounds')).toBe(0);
  });
});
