import { expect, it } from 'vitest';
import { instantOf } from './zoned.ts';

it.each([
  ['2026-11-22T03:04', 'Asia/Shanghai', '2026-11-21T19:04:00.000Z'],
  ['2026-07-01T00:00', 'Asia/Urumqi', '2026-06-30T18:00:00.000Z'],
  ['2026-03-29T01:30', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
  ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-11-22T03:04:05', 'UTC', '2026-11-22T03:04:05.000Z'],
  ['', 'UTC', null],
  ['2026-13-40T99:00', 'UTC', null],
  ['yesterday', 'UTC', null],
])('%s in %s', (local, zone, instant) => {
  expect(instantOf(local, zone)).toBe(instant);
});
