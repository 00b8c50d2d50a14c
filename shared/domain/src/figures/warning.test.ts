import { describe, expect, test } from 'vitest';
import type { Severity } from '../correlation/index.ts';
import { causeOfWarning, decideWarning, holdsWarning, isWarningCause, judgeBurn } from './warning.ts';

const rule = { severity: 'critical', longMs: 3_600_000, shortMs: 300_000, rate: 10 } as const;

describe('judgeBurn', () => {
  test.each([
    ['both at the limit', 10, 10, 60_000, 'fires'],
    ['it burned, and does no more', 20, 3, 60_000, 'quiet'],
    ['a short burst', 3, 100, 60_000, 'quiet'],
    ['nothing was observed of late', 20, null, 60_000, 'not-observed'],
    ['nothing was observed at all', null, null, 60_000, 'not-observed'],
    ['a window that the checks cannot fill', 100, 100, 300_001, 'window-below-resolution'],
  ] as const)('%s', (_, longRate, shortRate, resolutionMs, expected) => {
    expect(judgeBurn(rule, { longRate, shortRate, resolutionMs })).toBe(expected);
  });
});

describe('holdsWarning', () => {
  test.each([
    ['still close to the limit', 9, 8, true],
    ['what nobody observes ends nothing', null, null, true],
    ['over for twice the short window', 9, 7.9, false],
    ['the long window forgot it', 7.9, 20, false],
  ] as const)('%s', (_, longRate, shortRate, expected) => {
    expect(holdsWarning(rule, { longRate, shortRate, resolutionMs: 0 })).toBe(expected);
  });

  test('a rule whose window says nothing holds nothing', () => {
    expect(holdsWarning(rule, { longRate: 100, shortRate: 100, resolutionMs: 400_000 })).toBe(false);
  });
});

describe('decideWarning', () => {
  test.each<[string, Severity | null, Severity[], boolean, unknown]>([
    ['nothing fires', null, [], false, { change: 'none' }],
    ['the worst that fires opens', null, ['minor', 'critical', 'major'], false, { change: 'opened', severity: 'critical' }],
    ['a worse one escalates', 'minor', ['minor', 'major'], false, { change: 'escalated', severity: 'major' }],
    ['a lesser one leaves it as it is', 'critical', ['minor'], false, { change: 'none' }],
    ['held up', 'major', [], true, { change: 'none' }],
    ['over', 'major', [], false, { change: 'resolved' }],
  ])('%s', (_, active, firing, held, expected) => {
    expect(decideWarning(active, firing, held)).toEqual(expected);
  });
});

test("the cause of a warning is no object's id", () => {
  expect(isWarningCause(causeOfWarning('backbone'))).toBe(true);
  expect(isWarningCause('gd:objective/GE1')).toBe(false);
});
