import type { IncidentSummary } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { addressOf, filterOf, heir, mergedCounts, NO_FILTER, neighbour, questionOf, rowsOf } from './queue-filter.ts';

const NONE: ReadonlySet<string> = new Set();
let next = 0;
function incident(given: Partial<IncidentSummary>): IncidentSummary {
  next++;
  return {
    id: `i${next}`,
    number: next,
    kind: 'outage',
    objective: null,
    condition: null,
    state: 'open',
    severity: 'major',
    title: 'x',
    titles: null,
    cause: 'bj:a',
    division: 'cn.bj',
    party: null,
    class: 'backbone',
    startedAt: '2026-11-22T00:00:00.000Z',
    startedEarliest: '2026-11-22T00:00:00.000Z',
    startedLatest: '2026-11-22T00:00:00.000Z',
    openedAt: '2026-11-22T00:00:01.000Z',
    acknowledgedAt: null,
    resolvedAt: null,
    closedAt: null,
    respondBy: null,
    repairBy: null,
    owner: null,
    firstReceiver: null,
    pendingOwner: null,
    causeCategory: null,
    chargedParty: null,
    mergedInto: null,
    home: null,
    taken: true,
    offeredFrom: null,
    mayAsk: { above: false, below: [] },
    affected: 1,
    revision: 1,
    ...given,
  };
}
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

describe('the address of a filter', () => {
  it('holds only what differs, and comes back as it was', () => {
    expect(addressOf(NO_FILTER).toString()).toBe('');
    const filter = {
      ...NO_FILTER,
      state: 'resolved',
      owner: 'mine',
      severity: 'critical',
      division: 'cn.gd',
      q: '电路 7',
      merged: true,
    } as const;
    expect(filterOf(addressOf(filter))).toEqual(filter);
  });

  it.each(['state=fine', 'owner=me', 'severity=5', 'kind=', 'division=../etc', 'order=random', 'merged=true'])(
    'leaves out %s',
    (address) => {
      expect(filterOf(new URLSearchParams(address))).toEqual(NO_FILTER);
    },
  );

  it('asks the API for no more than it can answer', () => {
    expect(questionOf(NO_FILTER, 'li')).toMatchObject({ active: 'true', state: undefined, owner: undefined, q: undefined });
    expect(questionOf({ ...NO_FILTER, state: 'all', owner: 'mine', q: '  ' }, 'li')).toMatchObject({
      active: undefined,
      state: undefined,
      owner: 'li',
      q: undefined,
    });
    expect(questionOf({ ...NO_FILTER, owner: 'unassigned' }, 'li')).toMatchObject({ unassigned: 'true' });
  });
});

describe('the rows', () => {
  const minor = incident({ severity: 'minor', startedAt: '2026-11-20T00:00:00.000Z' });
  const owned = incident({ severity: 'critical', owner: 'li', state: 'acknowledged', startedAt: '2026-11-21T00:00:00.000Z' });
  const young = incident({ severity: 'critical', startedAt: '2026-11-22T02:00:00.000Z' });
  const old = incident({ severity: 'critical', startedAt: '2026-11-22T01:00:00.000Z', pendingOwner: 'gd-noc' });
  const over = incident({ severity: 'critical', state: 'resolved' });
  const merged = incident({ severity: 'critical', mergedInto: owned.id });
  const all = [minor, owned, young, old, over, merged];

  it('come with the worst first, of those what nobody has, of those what lasts longest', () => {
    expect(ids(rowsOf(all, NO_FILTER, NONE))).toEqual(ids([old, young, owned, minor]));
  });

  it('hold what is over after what is under way, however bad it was', () => {
    expect(ids(rowsOf(all, { ...NO_FILTER, state: 'all' }, NONE)).at(-1)).toBe(over.id);
  });

  it('may be in order of time', () => {
    expect(ids(rowsOf(all, { ...NO_FILTER, order: 'newest' }, NONE))[0]).toBe(old.id);
    expect(ids(rowsOf(all, { ...NO_FILTER, order: 'oldest' }, NONE))[0]).toBe(minor.id);
  });

  it('know who is meant, by whichever name', () => {
    expect(ids(rowsOf(all, { ...NO_FILTER, owner: 'mine' }, new Set(['li'])))).toEqual([owned.id]);
    expect(ids(rowsOf(all, { ...NO_FILTER, owner: 'offered' }, new Set(['li', 'gd-noc'])))).toEqual([old.id]);
    expect(ids(rowsOf(all, { ...NO_FILTER, owner: 'unassigned' }, new Set(['li'])))).not.toContain(owned.id);
  });

  it('drop what a live event has just put into another state', () => {
    expect(rowsOf([{ ...young, state: 'resolved' }], NO_FILTER, NONE)).toEqual([]);
  });

  it('show what was merged only when asked, and count it', () => {
    expect(ids(rowsOf(all, { ...NO_FILTER, merged: true }, NONE))).toContain(merged.id);
    expect(mergedCounts(all).get(owned.id)).toBe(1);
  });
});

describe('going through the rows', () => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  it.each([
    [null, 1, 'a'],
    [null, -1, 'c'],
    ['a', 1, 'b'],
    ['c', 1, 'c'],
    ['a', -1, 'a'],
    ['gone', 1, 'a'],
  ] as const)('from %s by %i is %s', (from, step, to) => {
    expect(neighbour(rows, from, step)).toBe(to);
  });

  it('has nowhere to go in an empty list', () => {
    expect(neighbour([], null, 1)).toBeNull();
  });

  it.each([
    [['a', 'b', 'c'], ['a', 'b', 'c'], 'b', 'b'],
    [['a', 'b', 'c'], ['a', 'c'], 'b', 'c'],
    [['a', 'b', 'c'], ['a', 'b'], 'c', 'b'],
    [['a'], [], 'a', null],
    [['a'], ['x'], null, null],
    [[], ['x'], 'a', 'x'],
  ])('%j become %j: %s is followed by %s', (before, after, gone, expected) => {
    expect(heir(before, after, gone)).toBe(expected);
  });
});
