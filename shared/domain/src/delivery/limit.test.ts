import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLimit, workableLimit } from './limit.ts';

const MINUTE = 60_000;
const limit = { messages: 3, perMs: MINUTE };

describe('judgeLimit', () => {
  it.each([
    ['none was sent', [], 0, { allowed: true, sent: [100_000] }],
    ['two were sent', [99_000, 99_500], 0, { allowed: true, sent: [99_000, 99_500, 100_000] }],
    ['three were sent', [90_000, 99_000, 99_500], 0, { allowed: false, until: 150_000 }],
    ['one is long ago', [40_000, 99_000, 99_500], 0, { allowed: true, sent: [99_000, 99_500, 100_000] }],
    ['others go first, and take the places', [99_000], 2, { allowed: false, until: 159_000 }],
    ['others go first, and leave one', [99_000], 1, { allowed: true, sent: [99_000, 100_000] }],
    ['a whole round goes first', [90_000, 99_000, 99_500], 4, { allowed: false, until: 99_000 + 2 * MINUTE }],
  ])('%s', (_name, sent, before, verdict) => {
    expect(judgeLimit(limit, sent, 100_000, before)).toEqual(verdict);
  });

  it('never lets more through within any span, and as many as it may when all wait', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), gaps, (messages, steps) => {
        const went: number[] = [];
        let sent: readonly number[] = [];
        let now = 1_000_000;
        for (const step of steps) {
          now += step;
          const verdict = judgeLimit({ messages, perMs: MINUTE }, sent, now);
          if (verdict.allowed) {
            went.push(now);
            sent = verdict.sent;
          } else {
            expect(verdict.until).toBeGreaterThan(now);
            now = verdict.until;
            const again = judgeLimit({ messages, perMs: MINUTE }, sent, now);
            expect(again.allowed).toBe(true);
            if (again.allowed) sent = again.sent;
            went.push(now);
          }
        }
        for (const [index, at] of went.entries())
          expect(went.filter((other, i) => i >= index && other < at + MINUTE).length).toBeLessThanOrEqual(messages);
      }),
    );
  });

  it('is not used up by what was sent before the clock went back', () => {
    expect(judgeLimit(limit, [100_000, 100_000, 100_000], 100_000 - 86_400_000)).toMatchObject({ allowed: true });
    expect(judgeLimit(limit, [100_000, 100_000, 100_000], 99_000)).toEqual({ allowed: false, until: 160_000 });
  });

  it('applies a limit of very many as one of fewer in less time', () => {
    expect(workableLimit({ messages: 60_000, perMs: MINUTE })).toEqual({ messages: 1_000, perMs: 1_000 });
    expect(workableLimit(limit)).toEqual(limit);
  });
});
