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
  ['channel', 'limit', { messages: 20, perMs: 60_000 }, '20 per 1m'],
  ['channel', 'timeoutMs', 5_000, '5s'],
  ['contact', 'quiet.during', [{ from: 1320, to: 1440 }], '22:00-24:00'],
  ['rota', 'layers[0].at', 510, '08:30'],
  ['rota', 'layers[1].days', 7, '7'],
  ['rota', 'overrides', [], 'none'],
  [
    ...(['rota', 'overrides'] as const),
    [{ contact: 'li', from: Date.UTC(2026, 1, 16), to: Date.UTC(2026, 1, 23, 8, 30) }],
    'li 2026-02-16T00:00Z to 2026-02-23T08:30Z',
  ],
  ['rota', 'overrides[0].to', Date.UTC(2026, 1, 23), '2026-02-23T00:00Z'],
  ['escalation', 'steps', [{ afterMs: 900_000, contacts: ['a'], rotas: ['noc'] }], '15m → a + noc'],
  ['escalation', 'steps[0].afterMs', 1_800_000, '30m'],
  ['route', 'repeatMs', 3_600_000, '1h'],
  ['route', 'group.waitMs', 0, '0s'],
  ['route', 'final', true, 'true'],
  ['clock', 'warnAt', 0.75, '75%'],
  ['clock', 'repairMs', 14_400_000, '4h'],
  [
    ...(['condition', 'test'] as const),
    { on: 'samples', metric: 'loss', side: 'above', raise: 0.05, clear: 0.02 },
    'loss above 5%, clear 2%',
  ],
  ['condition', 'test', { on: 'samples', metric: 'rtt', side: 'above', raise: 150, clear: 135 }, 'rtt above 150ms, clear 135ms'],
  ['condition', 'test', { on: 'state', state: 'down' }, 'state down'],
  ['condition', 'test', { on: 'restart' }, 'restart'],
  ['condition', 'forMs', 300_000, '5m'],
  ['object', 'checks[0].policy.intervalMs', 10_000, '10000'],
  ['object', 'name', 'x'.repeat(200), `"${'x'.repeat(116)}…`],
])('%s %s %j', (entity, path, value, words) => {
  expect(fieldWords(entity, path, value)).toBe(words);
});
