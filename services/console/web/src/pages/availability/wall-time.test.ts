import { expect, test } from 'vitest';
import { fromInput, toInput } from './wall-time.ts';

test.each([
  ['2026-11-22T12:34:56', 'Asia/Shanghai', '2026-11-22T04:34:56.000Z'],
  ['2026-11-22T12:34', 'Asia/Shanghai', '2026-11-22T04:34:00.000Z'],
  ['2026-03-29T12:00:00', 'Europe/Berlin', '2026-03-29T10:00:00.000Z'],
  ['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
])('%s in %s is %s, and back', (text, zone, at) => {
  const moment = fromInput(text, zone);
  expect(moment === null ? null : new Date(moment).toISOString()).toBe(at);
  expect(toInput(Date.parse(at), zone).slice(0, text.length)).toBe(text);
});

test.each(['', '2026-11-22', '2026-13-01T00:00', '2026-03-29T02:30:00'])('%s is no moment', (text) => {
  expect(fromInput(text, 'Europe/Berlin')).toBeNull();
});
