import { describe, expect, it } from 'vitest';
import { fromZone, tickText, timeTicks, zoneOffset } from './ticks.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const iso = (times: number[]) => times.map((time) => new Date(time).toISOString().slice(5, 16));

describe('timeTicks', () => {
  it('stands on midnights of the zone, not of the browser', () =>
    expect(iso(timeTicks(at('2026-11-19T00:00:00Z'), at('2026-11-22T00:00:00Z'), 'Asia/Shanghai', 4))).toEqual([
      '11-19T16:00',
      '11-20T16:00',
      '11-21T16:00',
    ]));
  it('goes on over a night of 25 hours', () =>
    expect(iso(timeTicks(at('2026-10-24T12:00:00Z'), at('2026-10-26T12:00:00Z'), 'Europe/Berlin', 3))).toEqual([
      '10-24T22:00',
      '10-25T23:00',
    ]));
  it.each([60_000, HOUR, 24 * HOUR, 30 * 24 * HOUR, 2_000 * 24 * HOUR])('of %d ms has no more than asked for', (span) => {
    const ticks = timeTicks(at('2026-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z') + span, 'Asia/Shanghai', 8);
    expect(ticks.length).toBeLessThanOrEqual(9);
    expect(ticks.length).toBeGreaterThan(1);
  });
});

describe('zones', () => {
  it('have an offset, which depends on the day', () => {
    expect(zoneOffset(at('2026-07-01T00:00:00.500Z'), 'Asia/Shanghai')).toBe(8 * HOUR);
    expect(zoneOffset(at('2026-07-01T00:00:00Z'), 'Europe/Berlin')).toBe(2 * HOUR);
    expect(zoneOffset(at('2026-12-01T00:00:00Z'), 'Europe/Berlin')).toBe(HOUR);
  });
  it('show a moment that can be found again', () =>
    expect(fromZone(at('2026-11-22T03:00:00Z'), 'Asia/Shanghai')).toBe(at('2026-11-21T19:00:00Z')));
});

describe('tickText', () => {
  it.each([
    ['2026-11-22 00:00:00', 24 * HOUR, '11-22'],
    ['2026-11-22 06:00:00', 24 * HOUR, '06:00'],
    ['2026-11-22 06:00:00', 72 * HOUR, '11-22 06:00'],
    ['2026-11-22 06:00:15', 60_000, '06:00:15'],
    ['2026-01-01 00:00:00', 400 * 24 * HOUR, '2026-01-01'],
  ])('%s within %d ms', (full, span, text) => expect(tickText(0, span, () => full)).toBe(text));
});
