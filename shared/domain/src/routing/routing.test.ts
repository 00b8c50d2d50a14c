import { describe, expect, it } from 'vitest';
import { backoffMs, judgeStatus, retryAfterMs } from './backoff.ts';
import { type Contact, judgeRoute, type Route, type RoutedEvent, routeEvent } from './route.ts';
import { type MaintenanceWindow, type Silence, withholdingOf } from './withhold.ts';

const EVENT: RoutedEvent = { severity: 'critical', class: 'backbone', division: 'cn.gd.guangzhou', party: 'gd' };
const route = (match: Partial<Route['match']>, contacts: string[] = ['noc']): Route => ({
  id: 'r',
  match: { severities: null, classes: null, divisions: null, parties: null, ...match },
  contacts,
});

describe('judgeRoute', () => {
  it.each([
    ['nothing asked', {}, 'matches'],
    ['its severity', { severities: ['critical', 'major'] }, 'matches'],
    ['another severity', { severities: ['major'] }, 'other-severity'],
    ['another class', { classes: ['user-access'] }, 'other-class'],
    ['a division that covers it', { divisions: ['cn.gd'] }, 'matches'],
    ['a division that only begins alike', { divisions: ['cn.g'] }, 'other-division'],
    ['its party', { parties: ['gd'] }, 'matches'],
    ['another party', { parties: ['gx'] }, 'other-party'],
    ['two criteria of which one does not hold', { severities: ['critical'], classes: ['other'] }, 'other-class'],
  ] as const)('%s', (_name, match, verdict) => {
    expect(judgeRoute(route(match), EVENT)).toBe(verdict);
  });

  it('does not match a party criterion with an object nobody answers for', () => {
    expect(judgeRoute(route({ parties: ['gd'] }), { ...EVENT, party: null })).toBe('other-party');
  });
});

describe('routeEvent', () => {
  const contacts = new Map<string, Contact>([
    [
      'noc',
      {
        id: 'noc',
        language: 'zh',
        targets: [
          { channel: 'hook', address: null },
          { channel: 'mail', address: 'noc@example.cn' },
        ],
      },
    ],
    [
      'boss',
      {
        id: 'boss',
        language: 'en',
        targets: [
          { channel: 'mail', address: 'boss@example.cn' },
          { channel: 'mail', address: 'deputy@example.cn' },
        ],
      },
    ],
  ]);

  it('tells each contact, channel and address once, however many routes name it', () => {
    const routes = [route({}, ['noc']), route({ severities: ['critical'] }, ['noc', 'boss']), route({ severities: ['warning'] }, ['boss'])];
    expect(routeEvent(EVENT, routes, contacts).map((one) => `${one.contact} ${one.channel} ${one.address} ${one.language}`)).toEqual([
      'noc hook null zh',
      'noc mail noc@example.cn zh',
      'boss mail boss@example.cn en',
      'boss mail deputy@example.cn en',
    ]);
  });

  it('passes over contacts that are no longer there', () => {
    expect(routeEvent(EVENT, [route({}, ['gone'])], contacts)).toEqual([]);
  });
});

describe('withholdingOf', () => {
  const subject = { object: 'n:a', division: 'cn.gd', severity: 'critical' } as const;
  const silence: Silence = { id: 's', objects: ['n:a'], divisions: [], severities: [], startsAt: 100, endsAt: 200, endedAt: null };
  const window: MaintenanceWindow = {
    id: 'm',
    objects: [],
    divisions: ['cn'],
    startsAt: 100,
    endsAt: 200,
    approvedAt: 50,
    cancelledAt: null,
  };

  it.each([
    ['a silence under way', [silence], [], 150, 'silence'],
    ['at its first moment', [silence], [], 100, 'silence'],
    ['before it', [silence], [], 99, null],
    ['at its end (half-open)', [silence], [], 200, null],
    ['ended by hand', [{ ...silence, endedAt: 140 }], [], 150, null],
    ['of another object', [{ ...silence, objects: ['n:b'] }], [], 150, null],
    ['of another severity', [{ ...silence, severities: ['warning' as const] }], [], 150, null],
    ['of nothing', [{ ...silence, objects: [] }], [], 150, null],
    ['approved maintenance of its division', [], [window], 150, 'maintenance'],
    ['maintenance nobody approved', [], [{ ...window, approvedAt: null }], 150, null],
    ['maintenance cancelled meanwhile', [], [{ ...window, cancelledAt: 120 }], 150, null],
    ['maintenance that is over', [], [window], 250, null],
    ['neither', [], [], 150, null],
  ] as const)('%s', (_name, silences, windows, now, reason) => {
    expect(withholdingOf(subject, silences, windows, now)?.reason ?? null).toBe(reason);
  });

  it.each([
    ['n:a', 'n:a/GE0/0/1', 'silence'],
    ['n:a/GE0/0/1', 'n:a/GE0/0/1', 'silence'],
    ['n:a/GE0/0/1', 'n:a/GE0/0/2', null],
    ['n:a/GE0/0/1', 'n:a', null],
    ['n:a', 'n:ab/GE0', null],
  ])('a silence of %s for %s: %s', (named, object, reason) => {
    expect(withholdingOf({ ...subject, object }, [{ ...silence, objects: [named] }], [], 150)?.reason ?? null).toBe(reason);
  });
});

describe('backoffMs', () => {
  it.each([
    [1, 0.999_999, 1_000],
    [2, 0.999_999, 2_000],
    [5, 0.999_999, 16_000],
    [12, 0.999_999, 300_000],
    [1_000, 0.999_999, 300_000],
    [3, 0.5, 2_000],
    [3, 0, 0],
  ])('after %i failures with jitter %d it is %i ms', (failed, random, expected) => {
    expect(backoffMs(failed, random)).toBe(expected);
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2026-11-22T00:00:00Z');
  it.each([
    [null, null],
    ['7', 7_000],
    [' 0 ', 0],
    ['86400', 3_600_000],
    ['Sun, 22 Nov 2026 00:01:00 GMT', 60_000],
    ['Sat, 21 Nov 2026 00:00:00 GMT', 0],
    ['Mon, 23 Nov 2026 00:00:00 GMT', 3_600_000],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['', null],
  ])('%s', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('judgeStatus', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [299, 'delivered'],
    [301, 'rejected'],
    [400, 'rejected'],
    [404, 'rejected'],
    [408, 'retry'],
    [410, 'rejected'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('%i is %s', (status, expected) => {
    expect(judgeStatus(status)).toBe(expected);
  });
});
