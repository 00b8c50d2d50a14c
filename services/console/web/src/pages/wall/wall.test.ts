import type { IncidentSummary, LiveEvent, Wall } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { byUrgency, headlineOf, orderCircuits, trafficNow } from './order.ts';
import { patchWall } from './patch.ts';
import { Bell, severeIn, severeOf } from './severe.ts';

const AT = '2026-11-22T03:00:00.000Z';

function incident(id: string, more: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    id,
    number: 1,
    kind: 'outage',
    objective: null,
    condition: null,
    state: 'open',
    severity: 'major',
    title: id,
    titles: null,
    cause: `centre:${id}`,
    division: 'cn.gd',
    party: null,
    class: 'backbone',
    startedAt: AT,
    startedEarliest: AT,
    startedLatest: AT,
    openedAt: AT,
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
    ...more,
  };
}

function circuit(id: string, state: 'up' | 'degraded' | 'down' | 'unknown', utilisation: number | null): Wall['circuits'][number] {
  const traffic =
    utilisation === null ? null : { at: AT, speedBps: 1e9, inBps: 1, outBps: 1, inUtilisation: utilisation, outUtilisation: 0 };
  return { id, name: id, nameEn: null, division: 'cn.gd', state, since: AT, maintenance: false, traffic };
}

function tile(state: 'up' | 'degraded' | 'down' | 'unknown', worst: IncidentSummary | null = null): Wall['tiles'][number] {
  return {
    division: 'cn.gd',
    code: 'GD',
    name: '广东',
    nameEn: 'Guangdong',
    state,
    reason: 'all-up',
    since: AT,
    counts: { up: 1, degraded: 0, down: 0, unknown: 0 },
    maintenance: false,
    availability: null,
    incidents: { critical: 0, major: 0, minor: 0, warning: 0 },
    worst,
    link: null,
  };
}

function wall(more: Partial<Wall> = {}): Wall {
  return {
    at: AT,
    sequence: 10,
    division: 'cn',
    tiles: [tile('up')],
    figures: [],
    figuresAt: AT,
    circuits: [],
    counts: { up: 1, degraded: 0, down: 0, unknown: 0 },
    incidents: { bySeverity: { critical: 0, major: 0, minor: 0, warning: 0 }, unacknowledged: 0, first: [] },
    freshness: { status: 'ok', judgedUpTo: AT, newestSampleAt: AT, findings: { critical: 0, warning: 0 } },
    ...more,
  };
}

function told(change: string, more: Record<string, unknown> = {}): LiveEvent {
  const head = { type: 'incident', sequence: 11, at: AT, recordedAt: AT, incident: 'a', number: 1, cause: 'centre:a', object: null };
  return { ...head, change, state: 'open', severity: 'major', ...more } as LiveEvent;
}

const withOne = () => {
  const one = incident('a');
  return wall({
    tiles: [tile('down', one)],
    incidents: { bySeverity: { critical: 0, major: 1, minor: 0, warning: 0 }, unacknowledged: 1, first: [one] },
  });
};

describe('what a live event changes at once', () => {
  it('an acknowledged incident waits no more', () => {
    const next = patchWall(withOne(), told('acknowledged', { state: 'acknowledged' }));
    expect(next.incidents).toMatchObject({ unacknowledged: 0, first: [{ id: 'a', state: 'acknowledged', acknowledgedAt: AT }] });
    expect(next.tiles[0]?.worst).toMatchObject({ state: 'acknowledged' });
  });
  it('one that another tier has waits here once this tier is asked for', () => {
    const theirs = incident('a', { home: 'gd', taken: false });
    const before = wall({ incidents: { bySeverity: { critical: 0, major: 1, minor: 0, warning: 0 }, unacknowledged: 0, first: [theirs] } });
    const worked = patchWall(before, told('told', { state: 'acknowledged' }));
    expect(worked.incidents).toMatchObject({ unacknowledged: 0, first: [{ state: 'acknowledged', taken: false }] });
    expect(patchWall(before, told('resolved', { state: 'resolved' })).incidents).toMatchObject({ unacknowledged: 0, first: [] });
    expect(patchWall(before, told('taken')).incidents).toMatchObject({ unacknowledged: 1, first: [{ taken: true }] });
  });
  it('a resolved one goes, from its tile too', () => {
    const next = patchWall(withOne(), told('resolved', { state: 'resolved' }));
    expect(next.incidents).toMatchObject({ unacknowledged: 0, first: [], bySeverity: { major: 0 } });
    expect(next.tiles[0]?.worst).toBeNull();
  });
  it('one that was merged is worked on elsewhere', () => {
    expect(patchWall(withOne(), told('merged', { other: 'b' })).incidents.first).toEqual([]);
  });
  it('one that grew severe is counted there', () => {
    expect(patchWall(withOne(), told('escalated', { severity: 'critical' })).incidents.bySeverity).toMatchObject({ critical: 1, major: 0 });
  });
  it('a circuit changes its state', () => {
    const event = { type: 'state', sequence: 11, at: AT, recordedAt: AT, object: 'c', from: 'up', to: 'down', earliest: AT, latest: AT };
    const next = patchWall(wall({ circuits: [circuit('c', 'up', 0.1), circuit('d', 'up', 0.2)] }), { ...event, reason: 'x' } as LiveEvent);
    expect(next.circuits.map(({ state }) => state)).toEqual(['down', 'up']);
  });
  it('a circuit that goes takes the good state of its tile with it, and does not give it back', () => {
    const event = { type: 'state', at: AT, recordedAt: AT, object: 'c', earliest: AT, latest: AT, reason: 'x' };
    const down = patchWall(wall({ circuits: [circuit('c', 'up', 0.1)] }), { ...event, sequence: 11, from: 'up', to: 'down' } as LiveEvent);
    expect(down.tiles[0]).toMatchObject({ state: 'degraded', reason: 'objects-down', since: AT });
    const up = patchWall(down, { ...event, sequence: 12, from: 'down', to: 'up' } as LiveEvent);
    expect(up.tiles[0]).toMatchObject({ state: 'degraded' });
    expect(up.circuits[0]).toMatchObject({ state: 'up' });
  });
  it('one that is opened is shown at once, by what is known of it', () => {
    const before = wall({ circuits: [{ ...circuit('centre:c', 'up', 0.1), nameEn: 'Circuit C' }] });
    const next = patchWall(before, told('opened', { cause: 'centre:c', severity: 'critical' }));
    expect(next.incidents).toMatchObject({ unacknowledged: 1, bySeverity: { critical: 1 } });
    expect(next.incidents.first).toMatchObject([{ id: 'a', title: 'centre:c', division: 'cn.gd', owner: null, startedAt: AT }]);
    expect(next.incidents.first[0]?.titles).toEqual({ zh: 'centre:c', en: 'Circuit C' });
    expect(next.tiles[0]?.worst).toMatchObject({ id: 'a' });
    const unknown = patchWall(before, told('opened', { cause: 'centre:switch-7' }));
    expect(unknown.incidents.first).toMatchObject([{ title: 'switch-7', division: '' }]);
    expect(unknown.tiles).toEqual(before.tiles);
  });
  it('is nothing when the wall has it already, or it is about what is not shown', () => {
    const before = withOne();
    expect(patchWall(before, told('resolved', { state: 'resolved', sequence: 10 }))).toBe(before);
    expect(patchWall(before, told('resolved', { state: 'resolved', incident: 'z' }))).toBe(before);
  });
});

describe('the bell', () => {
  it('rings once for each severe incident, and for none that was there before', () => {
    const bell = new Bell();
    expect(bell.hear(severeOf([incident('old')]))).toBeNull();
    expect(bell.hear(severeOf([incident('old'), incident('new')]))).toEqual({ id: 'new', severity: 'major' });
    expect(bell.hear(severeOf([incident('old'), incident('new')]))).toBeNull();
  });
  it('rings again when it grows critical, not when it falls back', () => {
    const bell = new Bell();
    bell.hear([]);
    expect(bell.hear([{ id: 'a', severity: 'major' }])).toMatchObject({ severity: 'major' });
    expect(bell.hear([{ id: 'a', severity: 'critical' }])).toMatchObject({ severity: 'critical' });
    expect(bell.hear([{ id: 'a', severity: 'major' }])).toBeNull();
  });
  it('does not ring for what somebody has taken, nor for small things', () => {
    const bell = new Bell();
    bell.hear([]);
    expect(bell.hear(severeOf([incident('a', { state: 'acknowledged' }), incident('b', { severity: 'minor' })]))).toBeNull();
  });
  it('hears of it from the event itself', () => {
    expect(severeIn(told('opened', { severity: 'critical' }))).toEqual({ id: 'a', severity: 'critical' });
    expect(severeIn(told('joined'))).toBeNull();
    expect(severeIn(told('opened', { severity: 'warning' }))).toBeNull();
  });
});

describe('what comes first', () => {
  it('is the most severe, then what nobody has, then the longest', () => {
    const list = [
      incident('late', { startedAt: '2026-11-22T03:05:00.000Z' }),
      incident('owned', { owner: 'zhang', startedAt: '2026-11-22T01:00:00.000Z' }),
      incident('early'),
      incident('critical', { severity: 'critical', owner: 'li', startedAt: '2026-11-22T04:00:00.000Z' }),
    ];
    expect(list.toSorted(byUrgency).map(({ id }) => id)).toEqual(['critical', 'early', 'late', 'owned']);
  });
  it('is the incident, with how many there are beside it', () => {
    expect(headlineOf(withOne())).toMatchObject({ kind: 'incident', incident: { id: 'a' }, others: 0 });
  });
  it('says that all is well only when it is known', () => {
    expect(headlineOf(wall())).toEqual({ kind: 'quiet' });
    expect(headlineOf(wall({ tiles: [tile('up'), tile('unknown')] }))).toEqual({ kind: 'unknown', unknown: 1 });
    expect(headlineOf(wall({ tiles: [] }))).toEqual({ kind: 'unknown', unknown: 0 });
    expect(headlineOf(wall({ tiles: [tile('degraded'), tile('unknown')] }))).toMatchObject({ kind: 'trouble', degraded: 1, unknown: 1 });
  });
  it('of circuits is trouble, then the fullest, and those of unknown load last', () => {
    const list = [circuit('idle', 'up', 0.02), circuit('blind', 'up', null), circuit('full', 'up', 0.9), circuit('cut', 'down', null)];
    expect(orderCircuits(list).map(({ id }) => id)).toEqual(['cut', 'full', 'idle', 'blind']);
  });
  it('knows no load of a circuit whose counters were read long ago', () => {
    const read = circuit('c', 'up', 0.5);
    expect(trafficNow(read, '2026-11-22T03:09:00.000Z')).toBe(read.traffic);
    expect(trafficNow(read, '2026-11-22T03:11:00.000Z')).toBeNull();
    expect(trafficNow(circuit('d', 'up', null), AT)).toBeNull();
  });
});
