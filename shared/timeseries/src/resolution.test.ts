import { MOST_POINTS, type SeriesQuestion } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RETENTION } from './port.ts';
import { DAY, HOUR, MINUTE, rawSince, resolutionOf, SECOND } from './resolution.ts';

const NOW = Date.UTC(2026, 10, 22, 13, 30);

function of(metric: SeriesQuestion['metric'], ago: number, length: number, step: number | null) {
  return resolutionOf({ check: 1, metric, from: NOW - ago, to: NOW - ago + length, step }, DEFAULT_RETENTION, NOW);
}

describe('the resolution of a question', () => {
  it.each([
    ['an hour of pings', of('rtt', HOUR, HOUR, null), { step: 10 * SECOND, source: 'raw' }],
    ['an hour of traffic', of('traffic.in', HOUR, HOUR, null), { step: MINUTE, source: 'raw' }],
    ['a day', of('traffic.in', DAY, DAY, null), { step: MINUTE, source: 'raw' }],
    ['a week', of('traffic.in', 7 * DAY, 7 * DAY, null), { step: 15 * MINUTE, source: '5m' }],
    ['30 days', of('traffic.in', 30 * DAY, 30 * DAY, null), { step: HOUR, source: '1h' }],
    ['a year', of('traffic.in', 366 * DAY, 366 * DAY, null), { step: 6 * HOUR, source: '1h' }],
    ['a step of seven minutes', of('traffic.in', DAY, DAY, 7 * MINUTE), { step: 10 * MINUTE, source: '5m' }],
    ['a step of 90 minutes', of('traffic.in', DAY, DAY, 90 * MINUTE), { step: 2 * HOUR, source: '1h' }],
    ['a minute of last month', of('traffic.in', 30 * DAY, HOUR, MINUTE), { step: 5 * MINUTE, source: '5m' }],
    ['a minute of last year', of('traffic.in', 300 * DAY, HOUR, null), { step: HOUR, source: '1h' }],
  ])('%s', (_name, found, expected) => expect(found).toEqual(expected));

  it('never has more points than an answer may', () => {
    for (const step of [1, 1_000, MINUTE, 5 * MINUTE, HOUR]) {
      for (const length of [HOUR, DAY, 13 * DAY, 300 * DAY, 3_000 * DAY]) {
        expect(length / of('rtt', length, length, step).step + 1).toBeLessThanOrEqual(MOST_POINTS);
      }
    }
  });

  it('takes raw rows from the start of their last day', () => {
    expect(rawSince(DEFAULT_RETENTION, NOW)).toBe(Date.UTC(2026, 10, 8));
  });
});
