import { describe, expect, test } from 'vitest';
import { type Account, EMPTY_ACCOUNT } from '../availability.ts';
import { budgetOf, burnRate, forecastExhaustion } from './budget.ts';
import { aggregate } from './partial.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

function result(over: Partial<Account>) {
  return aggregate('mean', [{ account: { ...EMPTY_ACCOUNT, ...over }, weight: 1 }]);
}

describe('budgetOf', () => {
  const day = (downMs: number) => result({ totalMs: DAY, upMs: DAY - downMs, downMs, downLeastMs: downMs, downMostMs: downMs });

  test('99.97% of the 181 days of a half-year are 78.2 minutes; an outage of 39.1 leaves half', () => {
    const budget = budgetOf({ target: 0.9997, result: day(39.096 * MINUTE), countedSoFarMs: DAY, countedWholeMs: 181 * DAY });
    expect(budget.budgetMs / MINUTE).toBeCloseTo(78.192, 6);
    expect(budget.consumedMs / MINUTE).toBeCloseTo(39.096, 6);
    expect(budget.leftFraction).toBeCloseTo(0.5, 9);
  });

  test('unknown time is consumed at the worst alone', () => {
    const half = result({ totalMs: DAY, upMs: DAY / 2, unknownMs: DAY / 2, downMostMs: DAY / 2 });
    expect(budgetOf({ target: 0.99, result: half, countedSoFarMs: DAY, countedWholeMs: DAY })).toMatchObject({
      consumedMs: 0,
      consumedLeastMs: 0,
      consumedMostMs: DAY / 2,
    });
  });

  test('overdrawn is negative; nothing counted leaves no fraction', () => {
    const overdrawn = budgetOf({ target: 0.99, result: day(DAY / 10), countedSoFarMs: DAY, countedWholeMs: DAY });
    expect(overdrawn.leftFraction).toBeCloseTo(-9, 6);
    expect(budgetOf({ target: 0.99, result: result({}), countedSoFarMs: 0, countedWholeMs: 0 })).toEqual({
      budgetMs: 0,
      consumedMs: 0,
      consumedLeastMs: 0,
      consumedMostMs: 0,
      leftMs: 0,
      leftFraction: null,
    });
  });

  test.each([0, 1, 1.5, Number.NaN])('a target of %d is refused', (target) => {
    expect(() => burnRate(target, { availability: 1, completeness: 1 })).toThrow(/expected a fraction between 0 and 1/);
  });
});

describe('burnRate', () => {
  test.each([
    [0.999, 1, 1, 0],
    [0.999, 0.999, 1, 1],
    [0.99, 0.856, 1, 14.4],
    // Down for the one minute of an hour that was seen: a minute is lost, not an hour.
    [0.99, 0, 1 / 60, 100 / 60],
    [0.99, null, 0, null],
  ])('a target of %d with %d, of which %d was observed, burns at %d', (target, availability, completeness, expected) => {
    const rate = burnRate(target, { availability, completeness });
    if (expected === null) expect(rate).toBeNull();
    else expect(rate).toBeCloseTo(expected, 9);
  });
});

describe('forecastExhaustion', () => {
  const ahead = [
    { from: 0, to: 100 },
    { from: 500, to: 1000 },
  ];

  test.each([
    // A rate of 10 of a target of 90% loses every moment that counts.
    ['within the first span', 60, 10, { exhaustedAt: 60, reason: 'forecast' }],
    ['nights burn nothing', 150, 10, { exhaustedAt: 550, reason: 'forecast' }],
    ['longer than the period', 601, 10, { exhaustedAt: null, reason: 'lasts' }],
    ['nothing burns', 60, 0, { exhaustedAt: null, reason: 'not-burning' }],
    ['nothing was observed', 60, null, { exhaustedAt: null, reason: 'not-observed' }],
    ['spent already', -1, 10, { exhaustedAt: null, reason: 'exhausted' }],
  ] as const)('%s', (_, leftMs, rate, expected) => {
    expect(forecastExhaustion({ target: 0.9, leftMs, rate, ahead })).toEqual(expected);
  });
});
