import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Said } from '../protocol/chain.ts';
import { InboxHousekeeping } from './housekeeping.ts';
import { type Heard, lineOf, type SpeakingNode } from './speaking.fixture.ts';
import { NOW, startTelling, type Telling } from './telling.fixture.ts';

const FAR = 2 ** 53 - 1;
const DEEP = 150_000;
const LINES = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };

describe('values that a schema lets through and a record cannot bear', () => {
  let telling: Telling;
  let node: SpeakingNode;
  let a: string;

  beforeAll(async () => {
    telling = await startTelling();
    ({ node, a } = await telling.begun());
  });
  afterAll(async () => {
    await telling.rest();
    await telling.stop();
  });

  const place = () => telling.rows('SELECT node, sequence, hash, observed_pinged, snapshot_version FROM federation_nodes');
  const counted = () => telling.centre.registry.getSingleMetricAsString('beacontower_federation_refused_total');

  /** Sends a line behind a good one; both are taken back, so that the next goes on from the same place. */
  async function poison(said: Said): Promise<Heard> {
    const kept = node.lines.length;
    const heard = await node.tell(lineOf.object(`${node.node}:good`, node.division, NOW), said);
    if (heard.status !== 200) node.lines.splice(kept);
    return heard;
  }

  /** The same with a line whose text is changed on its way out. */
  async function forge(said: Said, from: string | RegExp, to: string): Promise<Heard> {
    const [made] = node.say(said);
    node.lines.pop();
    const line = (made?.line ?? '').replace(from, to);
    expect(line).not.toBe(made?.line);
    return node.raw('POST', `/log?incarnation=${node.incarnation}`, `${line}\n`, LINES);
  }

  const incident = (over: object = {}, facts: object = {}): Said =>
    lineOf.any('incident', NOW, {
      incident: {
        id: randomUUID(),
        home: node.node,
        kind: 'outage',
        severity: 'major',
        cause: a,
        division: node.division,
        class: 'user-access',
        party: null,
        title: 'down',
        titleEn: null,
        started: { at: NOW, earliest: NOW, latest: NOW },
        openedAt: NOW,
        resolvedAt: null,
        causeCategory: null,
        chargedParty: null,
        members: { total: 1, first: [a] },
        ...facts,
      },
      tiers: [tier()],
      escalated: null,
      lines: [],
      ...over,
    } as never);
  const tier = (over: object = {}) => ({
    node: node.node,
    state: 'open',
    owner: null,
    firstReceiver: null,
    acknowledgedAt: null,
    closedAt: null,
    respondBy: null,
    repairBy: null,
    ...over,
  });
  const remark = (detail: unknown) => ({ id: randomUUID(), node: node.node, at: NOW, kind: 'comment', actor: 'x', detail });
  const rollup = (over: object): Said =>
    lineOf.any('rollup', NOW, {
      ...{ date: '2026-01-05', timeZone: 'Asia/Shanghai', division: node.division, class: 'user-access', objects: 1, upMs: 1 },
      ...{ downMs: 0, unknownMs: 0, excludedMs: 0, downLeastMs: 0, downMostMs: 0, ...over },
    } as never);
  const about = (over: object): Said =>
    lineOf.any('node', NOW, {
      ...{ id: node.node, name: 'x', nameEn: null, division: node.division, timeZone: 'Asia/Shanghai', via: null, ...over },
    });
  const deep = (inner: string) => `${'['.repeat(DEEP)}${inner}${']'.repeat(DEEP)}`;

  test.each<[string, string, () => Promise<Heard>]>([
    ['a time zone that nobody knows', 'envelope-invalid', () => poison(about({ timeZone: 'Mars/Olympus' }))],
    ['a day in a zone that nobody knows', 'envelope-invalid', () => poison(rollup({ timeZone: 'Mars/Olympus' }))],
    ['a day of the year 0', 'envelope-invalid', () => poison(rollup({ date: '0000-01-01' }))],
    ['a day of the year 9999', 'event-in-future', () => poison(rollup({ date: '9999-12-31' }))],
    [
      'a weight that no sum bears',
      'envelope-invalid',
      () => poison(lineOf.object(`${node.node}:w`, node.division, NOW, { weight: Number.MAX_VALUE })),
    ],
    ['an incident of a time to come', 'event-in-future', () => poison(incident({}, { openedAt: FAR }))],
    [
      'one that began at the end of numbers',
      'event-in-future',
      () => poison(incident({}, { started: { at: FAR, earliest: FAR, latest: FAR } })),
    ],
    ['one that ends there', 'event-in-future', () => poison(incident({}, { resolvedAt: FAR }))],
    ['one that is to be repaired there', 'envelope-invalid', () => poison(incident({ tiers: [tier({ repairBy: FAR })] }))],
    ['one whose line was written there', 'envelope-invalid', () => poison(incident({ lines: [{ ...remark({}), at: FAR }] }))],
    ['one whose line speaks of such a moment', 'envelope-invalid', () => poison(incident({ lines: [remark({ startedAt: FAR })] }))],
    [
      'a member that came there',
      'envelope-invalid',
      () =>
        poison(incident({}, { members: { total: 1, first: [], changes: [{ object: a, role: 'cause', joinedAt: FAR, leftAt: null }] } })),
    ],
    [
      'a line nested without end',
      'envelope-invalid',
      () => forge(incident({ lines: [remark({ x: 7 })] }), '{"x":7}', `{"x":${deep('7')}}`),
    ],
    [
      'the same with NUL at its bottom',
      'envelope-invalid',
      () => forge(incident({ lines: [remark({ x: 7 })] }), '{"x":7}', `{"x":${deep('"\\u0000"')}}`),
    ],
    ['a member of the prototype', 'envelope-invalid', () => forge(about({}), '"payload":{', '"payload":{"__proto__":{"via":"x"},')],
    ['a constructor', 'envelope-invalid', () => forge(about({}), '"payload":{', '"payload":{"constructor":{"prototype":{}},')],
    ['NUL in a name', 'envelope-invalid', () => forge(about({ name: 'qq' }), '"qq"', '"q\\u0000q"')],
    ['half a character', 'envelope-invalid', () => forge(about({ name: 'qq' }), '"qq"', '"\\ud800"')],
    ['NaN', 'envelope-invalid', () => forge(about({}), /"eventAt":\d+/, '"eventAt":NaN')],
    ['a number beyond numbers', 'envelope-invalid', () => forge(about({}), /"eventAt":\d+/, '"eventAt":1e400')],
    ['2^53', 'envelope-invalid', () => forge(about({}), /"eventAt":\d+/, '"eventAt":9007199254740992')],
    ['half a millisecond', 'envelope-invalid', () => forge(about({}), /"eventAt":\d+/, '"eventAt":0.5')],
    ['a time before time', 'envelope-invalid', () => forge(about({}), /"eventAt":\d+/, '"eventAt":-1')],
    ['a sequence of nothing', 'envelope-invalid', () => forge(about({}), /"sequence":\d+/, '"sequence":-0')],
    [
      'an incarnation known until a time to come',
      'event-in-future',
      async () => {
        const other = await telling.enrolled();
        await other.begin({}, { knownUntil: FAR });
        return other.logAll();
      },
    ],
    [
      'a watermark of a time to come',
      'event-in-future',
      () => node.snapshot({ observed: [{ node: node.node, until: { pinged: FAR, all: NOW, composed: NOW } }] }),
    ],
    ['a state since a time to come', 'event-in-future', () => node.snapshot({ states: [[a, 'down', FAR, 'no-reply']] })],
    [
      'a snapshot nested without end, NUL at its bottom',
      'message-invalid',
      () => node.raw('PUT', '/snapshot', `{"x":${deep('"\\u0000"')}}`, JSON_TYPE),
    ],
    ['days of no calendar', 'message-invalid', () => node.send('POST', '/digests', { from: '2026-02-30', to: '2026-02-31' })],
    ['a place below nothing', 'message-invalid', () => node.get('/downward?after=-1')],
    ['two places at once', 'message-invalid', () => node.get('/downward?after=1&after=2')],
    ['a wait without end', 'message-invalid', () => node.get('/downward?waitMs=Infinity')],
    ['a mark of NUL', 'message-invalid', () => node.get('/marks?incarnation=%00')],
  ])('%s: %s', async (_what, code, send) => {
    const before = await place();
    expect(await send()).toMatchObject({ body: { code } });
    // One that was enrolled for this attack stands where it stood: at nothing.
    const after = (await place()).filter(({ sequence }) => sequence !== 0);
    expect(after).toEqual(before.filter(({ sequence }) => sequence !== 0));
    expect(await counted()).toContain(`code="${code}"`);
    expect(await telling.rows(`SELECT 1 FROM inventory WHERE id = $1`, [`${node.node}:good`])).toEqual([]);
  });

  test('a member of the prototype in what a schema leaves open changes nothing but itself', async () => {
    const heard = await forge(incident({ lines: [remark({ x: 7 })] }), '{"x":7}', '{"__proto__":{"polluted":true},"x":7}');
    expect([200, 422]).toContain(heard.status);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('after all that the node is heard as before, and the days of every node are worked out', async () => {
    const { database } = telling.centre;
    const { incarnation } = node;
    const { rows } = await database.query<{ sequence: number }>('SELECT sequence FROM federation_nodes WHERE incarnation = $1', [
      incarnation,
    ]);
    node.lines.splice(rows[0]?.sequence ?? 0);
    const logger = { warn: () => undefined } as never;
    await new InboxHousekeeping({ database, clock: { now: () => Date.now() + 600_000 } as never, logger }).pass();
    expect((await node.snapshot()).status).toBe(200);
  });
});
