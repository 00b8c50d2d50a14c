import { expect, it } from 'vitest';
import { adviceOf } from './advice.ts';
import { formatBytes, isStale, lookOf } from './scale.ts';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [80_141_631_488, '74.6 GiB'],
  [270_553_174_016, '252 GiB'],
  [null, '—'],
])('%s bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it('looks worse the further it is', () => {
  expect([0, 4, 5, 29, 30].map((value) => lookOf(value, 5, 30))).toEqual(['good', 'good', 'warn', 'warn', 'bad']);
});

it('is of before when the watchdog has not spoken for long', () => {
  const at = '2026-11-22T03:00:00.000Z';
  expect([isStale(at, Date.parse(at) + 20_000), isStale(at, Date.parse(at) + 20_001)]).toEqual([false, true]);
});

it('advises in both languages', () => {
  expect(adviceOf('disk-low', 'zh')).toContain('磁盘');
  expect(adviceOf('disk-low', 'en')).toContain('room');
});
