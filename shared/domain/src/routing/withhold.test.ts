import { describe, expect, it } from 'vitest';
import { EVENT, silence } from './routing.fixture.ts';
import { type MaintenanceWindow, withholdingOf, withholdingText } from './withhold.ts';

const window: MaintenanceWindow = {
  id: 'm',
  objects: [],
  divisions: ['cn'],
  startsAt: 100,
  endsAt: 200,
  approvedAt: 50,
  cancelledAt: null,
};
const holders = (over: Partial<Parameters<typeof withholdingOf>[1]> = {}) => ({
  silences: [],
  maintenance: [],
  flapping: new Map<string, string>(),
  ...over,
});
const named = silence({ objects: ['n:a'] });

describe('withholdingOf', () => {
  it.each([
    ['a silence under way', [named], [], 150, 'silence'],
    ['at its first moment', [named], [], 100, 'silence'],
    ['before it', [named], [], 99, null],
    ['at its end (half-open)', [named], [], 200, null],
    ['ended by hand', [{ ...named, endedAt: 140 }], [], 150, null],
    ['of another object', [silence({ objects: ['n:b'] })], [], 150, null],
    ['of another severity', [{ ...named, severities: ['warning' as const] }], [], 150, null],
    ['of nothing', [silence()], [], 150, null],
    ['of severities alone: of nothing', [silence({ severities: ['critical'] })], [], 150, null],
    ['of kinds alone: of nothing', [silence({ kinds: ['outage'] })], [], 150, null],
    ['of its class, wherever', [silence({ classes: ['backbone'] })], [], 150, 'silence'],
    ['of another class within its division', [silence({ divisions: ['cn'], classes: ['user-access'] })], [], 150, null],
    ['of its party and class', [silence({ parties: ['gd'], classes: ['backbone'] })], [], 150, 'silence'],
    ['of another party', [silence({ parties: ['gx'] })], [], 150, null],
    ['of its kind within its division', [silence({ divisions: ['cn'], kinds: ['outage'] })], [], 150, 'silence'],
    ['of another kind', [silence({ divisions: ['cn'], kinds: ['condition'] })], [], 150, null],
    ['approved maintenance of its division', [], [window], 150, 'maintenance'],
    ['maintenance nobody approved', [], [{ ...window, approvedAt: null }], 150, null],
    ['maintenance cancelled meanwhile', [], [{ ...window, cancelledAt: 120 }], 150, null],
    ['maintenance that is over', [], [window], 250, null],
    ['neither', [], [], 150, null],
  ] as const)('%s', (_name, silences, maintenance, now, reason) => {
    expect(withholdingOf(EVENT, holders({ silences, maintenance }), now)?.reason ?? null).toBe(reason);
  });

  it.each([
    ['n:a', 'n:a/GE0/0/1', 'silence'],
    ['n:a/GE0/0/1', 'n:a/GE0/0/1', 'silence'],
    ['n:a/GE0/0/1', 'n:a/GE0/0/2', null],
    ['n:a/GE0/0/1', 'n:a', null],
    ['n:a', 'n:ab/GE0', null],
  ])('a silence of %s for %s: %s', (object, cause, reason) => {
    const silences = [silence({ objects: [object] })];
    expect(withholdingOf({ ...EVENT, object: cause }, holders({ silences }), 150)?.reason ?? null).toBe(reason);
  });

  const flapping = new Map([['n:a', 'f1']]);
  it.each([
    ['an outage of an object that flaps', EVENT, 'flapping'],
    ['the flapping itself', { ...EVENT, kind: 'flapping' as const }, null],
    ['a condition on it', { ...EVENT, kind: 'condition' as const }, null],
    ['what was merged', { ...EVENT, mergedInto: 'i2' }, 'merged'],
  ])('%s', (_name, event, reason) => {
    expect(withholdingOf(event, holders({ flapping }), 150)?.reason ?? null).toBe(reason);
  });

  it('planned work is no reason to keep still about an early warning', () => {
    expect(withholdingOf({ ...EVENT, kind: 'early-warning' }, holders({ maintenance: [window] }), 150)).toBeNull();
  });
});

describe('withholdingText', () => {
  it.each([
    [{ reason: 'silence', id: 's', until: 200 }, 'silence s'],
    [{ reason: 'merged', id: 'i2', until: null }, 'merged i2'],
    [{ reason: 'quiet-hours', id: null, until: 0 }, 'quiet-hours 1970-01-01T00:00:00.000Z'],
  ] as const)('%o', (withholding, text) => {
    expect(withholdingText(withholding)).toBe(text);
  });
});
