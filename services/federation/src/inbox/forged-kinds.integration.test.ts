/** What was forged, replayed, re-ordered or left out is refused whatever it is about: told, counted, and nothing of it in the record. */
import { randomUUID } from 'node:crypto';
import type { EnvelopeKind } from '@beacontower/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MadeLine, Said } from '../protocol/chain.ts';
import { lineOf, type SpeakingNode } from './speaking.fixture.ts';
import { LATER, NOW, startTelling, type Telling } from './telling.fixture.ts';

/** What a line of a kind says, told apart by `n`, and where the record would show it. */
interface Told {
  readonly say: (node: SpeakingNode, object: string, n: number) => Said;
  readonly rows: string;
  /** A word of the line, and what a forger puts in its place. */
  readonly forged: readonly [from: string, to: string];
}

const stretch = { divisions: [], startsAt: NOW, endsAt: LATER };
const nobody = { approvedAt: null, approvedBy: null, cancelledAt: null, cancelledBy: null };
const standing = { withdrawnAt: null, withdrawnBy: null, withdrawnReason: null };
const sums = { upMs: 0, downMs: 0, unknownMs: 0, excludedMs: 0, downLeastMs: 0, downMostMs: 0 };

function incident({ node, division }: SpeakingNode, cause: string, member = cause): Said {
  const view = { owner: null, firstReceiver: null, acknowledgedAt: null, closedAt: null, respondBy: null, repairBy: null };
  const about = { kind: 'outage' as const, severity: 'major' as const, cause, division, class: 'user-access' as const, party: null };
  const times = { started: { at: NOW, earliest: NOW, latest: NOW }, openedAt: NOW, resolvedAt: null };
  const facts = { causeCategory: null, chargedParty: null, members: { total: 1, first: [member] } };
  return lineOf.any('incident', NOW, {
    incident: { id: randomUUID(), home: node, title: '中断', titleEn: null, ...about, ...times, ...facts },
    tiers: [{ node, state: 'open', ...view }],
    escalated: null,
    lines: [{ id: randomUUID(), node, at: NOW, kind: 'opened', actor: 'system', detail: {} }],
  });
}

const KINDS: Readonly<Partial<Record<EnvelopeKind, Told>>> = {
  incident: {
    say: (node, object) => incident(node, object),
    rows: 'SELECT i.id, count(e.*) AS lines FROM incidents i LEFT JOIN incident_events e ON e.incident_id = i.id WHERE i.home = $1 GROUP BY i.id',
    forged: ['"severity":"major"', '"severity":"minor"'],
  },
  maintenance: {
    say: (_node, object) =>
      lineOf.any('maintenance', NOW, {
        id: randomUUID(),
        title: '割接',
        objects: [object],
        ...stretch,
        createdAt: NOW,
        createdBy: 'li',
        ...nobody,
      }),
    rows: 'SELECT id, revision FROM maintenance WHERE node = $1',
    forged: ['"approvedAt":null', `"approvedAt":${NOW}`],
  },
  reclassification: {
    say: (_node, object) =>
      lineOf.any('reclassification', NOW, {
        ...{ id: randomUUID(), effect: 'exclude', objects: [object], ...stretch, party: null, reason: '测试' },
        ...{ recordedAt: NOW, recordedBy: 'li', ...standing },
      }),
    rows: 'SELECT id FROM reclassifications WHERE node = $1',
    forged: ['"effect":"exclude"', '"effect":"count"'],
  },
  rollup: {
    say: ({ division }, _object, n) =>
      lineOf.any('rollup', NOW, { date: `2026-01-0${n}`, timeZone: 'Asia/Shanghai', division, class: 'backbone', objects: 1, ...sums }),
    rows: 'SELECT date, sequence FROM federation_rollups WHERE node = $1',
    forged: ['"downMs":0', '"downMs":86400000'],
  },
  node: {
    say: ({ node, division }, _object, n) =>
      lineOf.any('node', NOW, {
        ...{ id: `${node}-city-${n}`, name: '市', nameEn: null, division: `${division}.c${n}`, timeZone: 'Asia/Shanghai', via: node },
      }),
    rows: 'SELECT node, division FROM federation_nodes WHERE via = $1',
    forged: ['"name":"市"', '"name":"县"'],
  },
};

describe('a line that is not as it was made', () => {
  let telling: Telling;
  beforeAll(async () => {
    telling = await startTelling();
  });
  afterEach(() => telling.rest());
  afterAll(() => telling.stop());

  test.each(Object.entries(KINDS))(
    '%s: is refused by its code, counted and told; as it was made it is there once',
    async (_kind, { say, rows, forged }) => {
      const { node, a } = await telling.begun();
      const known = async () => telling.rows(rows, [node.node]);
      const refused = async () => (await telling.rows('SELECT refused FROM federation_nodes WHERE node = $1', [node.node]))[0]?.refused;
      const made = node.say(say(node, a, 1), say(node, a, 2), say(node, a, 3));
      const [one, two, three] = made as [MadeLine, MadeLine, MadeLine];
      const other = { line: one.line.replace(...forged) };
      expect(other.line).not.toBe(one.line);
      const last = node.lines[1];
      for (const [lines, code, at] of [
        [[other, two], 'chain-broken', 4],
        [[one, three, two], 'chain-broken', 5],
        [[one, three], 'chain-broken', 5],
        [[two, three], 'sequence-gap', 4],
        [[{ line: one.line.replace(/"previous":"...../, '"previous":"00000') }], 'history-differs', 3],
      ] as const) {
        const heard = await node.log(lines);
        expect(heard.body).toMatchObject({ code, sequence: at, resume: { sequence: 2, hash: last?.hash } });
        expect(await known()).toEqual([]);
        expect(await refused()).toMatchObject({ code, call: 'log', sequence: at });
        const counted = await telling.centre.registry.getSingleMetricAsString('beacontower_federation_refused_total');
        expect(counted).toMatch(new RegExp(`node="${node.node}",code="${code}"|code="${code}",node="${node.node}"`));
      }
      expect((await node.log(made)).body).toMatchObject({ acknowledged: { sequence: 5 } });
      expect(await refused()).toBeNull();
      const there = await known();
      expect(there).toHaveLength(3);
      // Replayed: to its end it is acknowledged again, before its end refused; either changes nothing.
      expect((await node.log(made)).body).toMatchObject({ acknowledged: { sequence: 5 } });
      expect((await node.log([one, two])).body).toMatchObject({ code: 'sequence-known', resume: { sequence: 5 } });
      expect((await node.log([other, two])).body).toMatchObject({ code: 'chain-broken' });
      expect((await node.log([{ line: three.line.replace(...forged) }])).body.code).toBe('history-differs');
      expect(await known()).toEqual(there);
    },
  );

  test('an incident whose cause is an object of another node is refused: nobody is accused by hearsay', async () => {
    const [{ node, a }, other] = [await telling.begun(), await telling.begun()];
    const refused = { code: 'out-of-scope', sequence: 3 };
    expect((await node.log(node.say(incident(node, other.a, a)))).body).toMatchObject(refused);
    expect(await telling.rows('SELECT FROM incidents WHERE home = $1', [node.node])).toEqual([]);
  });

  test.each(Object.entries(KINDS))('%s of one node is refused in the log of another, byte for byte', async (_kind, { say, rows }) => {
    const [{ node, a }, thief] = [await telling.begun(), await telling.begun()];
    const [line] = node.say(say(node, a, 1)) as [MadeLine];
    expect((await node.log([line])).status).toBe(200);
    const there = await telling.rows(rows, [node.node]);
    // Stolen from the wire it follows no line of the thief's; chained anew by it, it is another's to say.
    expect((await thief.node.log([line])).body).toMatchObject({ code: 'history-differs', sequence: 3 });
    const { kind, eventAt, recordedAt, payload } = JSON.parse(line.line);
    expect((await thief.node.tell({ kind, eventAt, recordedAt, payload } as Said)).body).toMatchObject({
      code: 'out-of-scope',
      sequence: 3,
    });
    expect(await telling.rows(rows, [node.node])).toEqual(there);
    expect(await telling.rows(rows, [thief.node.node])).toEqual([]);
  });
});
