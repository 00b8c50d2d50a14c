import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

describe('how much is asked of a device at once', () => {
  it('doubles while answers come whole, up to a limit', () => {
    const pace = new Pace();
    const asked: number[] = [];
    for (let i = 0; i < 8; i++) {
      const rows = pace.repetitions(14, null);
      asked.push(rows);
      pace.whole(14, rows);
    }
    expect(asked).toEqual([8, 16, 32, 64, 114, 114, 114, 114]);
  });

  it('does not grow by an answer that was short because the table was', () => {
    const pace = new Pace();
    pace.whole(14, 2);
    expect(pace.repetitions(14, null)).toBe(8);
  });

  it('halves on trouble down to a single row, and stays there for a while', () => {
    const pace = new Pace();
    for (let rows = pace.repetitions(14, null); rows > 1; rows = pace.repetitions(14, null)) pace.failed(14, rows);
    expect(pace.repetitions(14, null)).toBe(1);
    for (let i = 0; i < 15; i++) pace.whole(14, 1);
    expect(pace.repetitions(14, null)).toBe(1);
  });

  it('tries more again after many whole answers', () => {
    const pace = new Pace();
    pace.failed(14, 8);
    expect(pace.repetitions(14, null)).toBe(4);
    for (let i = 0; i < 16; i++) pace.whole(14, 4);
    expect(pace.repetitions(14, null)).toBe(8);
  });

  it('takes what an agent of few variables answers as what fits', () => {
    const pace = new Pace();
    pace.short(98);
    expect(pace.repetitions(14, null)).toBe(7);
  });

  it('asks for no more rows than there are', () => {
    expect(new Pace().repetitions(14, 3)).toBe(3);
    expect(new Pace().repetitions(14, 0)).toBe(1);
  });

  it('always asks for at least one row, whatever happens', () => {
    const step = fc.record({ kind: fc.constantFrom('whole', 'short', 'failed'), columns: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const pace = new Pace();
        for (const { kind, columns } of steps) {
          const rows = pace.repetitions(columns, null);
          expect(rows).toBeGreaterThanOrEqual(1);
          expect(rows * columns).toBeLessThanOrEqual(Math.max(1_600, columns));
          if (kind === 'whole') pace.whole(columns, rows);
          else if (kind === 'short') pace.short((rows * columns) / 3);
          else pace.failed(columns, rows);
        }
      }),
    );
  });
});
