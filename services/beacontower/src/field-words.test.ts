import { expect, it } from 'vitest';
import { fieldWords } from './field-words.ts';

const office = [
  { from: 510, to: 720 },
  { from: 810, to: 1050 },
];

it.each([
  ['calendar', 'week[0]', office, '08:30-12:00, 13:30-17:30'],
  ['calendar', 'week[0]', [], 'off'],
  ['calendar', 'week', [office, []], '08:30-12:00, 13:30-17:30 | off'],
  ['calendar', 'dates[2026-10-01]', { date: '2026-10-01', spans: [], name: '国庆节' }, 'off 国庆节'],
  ['calendar', 'dates[2026-10-10]', { date: '2026-10-10', spans: office, name: '' }, '08:30-12:00, 13:30-17:30'],
  ['calendar', 'dates[2026-10-10]', undefined, '—'],
  ['calendar', 'knownUntil', '2026-12-31', '"2026-12-31"'],
  ['objective', 'target', 0.9997, '99.97%'],
  ['objective', 'target', 0.57, '57%'],
  ['objective', 'closeAfterMs', 432_000_000, '5d'],
  ['objective', 'closeAfterMs', 0, '0s'],
  ['objective', 'closeAfterMs', null, 'null'],
  ['objective', 'warnings', [], 'none'],
  ['objective', 'warnings', [{ severity: 'critical', longMs: 3_600_000, shortMs: 300_000, rate: 14.4 }], 'critical 1h/5m × 14.4'],
  ['objective', 'warnings[0].shortMs', 90_000, '90s'],
  ['report-schedule', 'afterMs', 518_400_000, '6d'],
  ['object', 'checks[0].policy.intervalMs', 10_000, '10000'],
  ['object', 'name', 'x'.repeat(200), `"${'x'.repeat(116)}…`],
])('%s %s %j', (entity, path, value, words) => {
  expect(fieldWords(entity, path, value)).toBe(words);
});
