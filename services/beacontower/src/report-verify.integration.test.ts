import { generateKeyPairSync, sign } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { loadConfiguration } from '@beacontower/contracts';
import {
  applyInventory,
  closePeriod,
  findObjective,
  insertReclassification,
  type NewTransition,
  readArtifact,
  readFigure,
  recordTransitions,
} from '@beacontower/database';
import { edgeBetween, parsePeriod } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inChunks } from './report-verify.fixture.ts';
import { verifyBundle } from './report-verify.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MEMBERS = 450;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = {
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  sign: (message: Uint8Array) => sign(null, message, privateKey).toString('base64'),
};
const half = parsePeriod('2018-H1', 'Asia/Shanghai');
if (half === null) throw new Error('no period');
const { from: FROM, to: TO } = half;
const NOW = TO + 5 * DAY;
let server: TestDatabase;

beforeAll(async () => {
  server = await startDatabase();
});
afterAll(() => server?.stop());

function yaml(): string {
  const devices = Array.from({ length: MEMBERS }, (_, index) => {
    const address = `10.0.${index >> 8}.${index & 255}`;
    return `  - {id: d${index}, name: D${index}, division: cn.gd.c${index % 7}, party: ${index % 2 ? 'city' : 'province'}, addresses: {ipv4: ${address}}}`;
  });
  return `
node: {id: gd, name: 广东, division: cn.gd, partitions: 1}
zones: [{id: z, anchors: [192.0.2.254]}]
divisions: [{id: cn.gd, name: 广东}, ${Array.from({ length: 7 }, (_, index) => `{id: cn.gd.c${index}, name: C${index}}`).join(', ')}]
parties: [{id: province, name: 省, tier: province}, {id: city, name: 市, tier: city}, {id: carrier, name: 运营商, tier: carrier}]
calendars: [{id: office, name: 办公时间, week: {weekdays: ["08:30-17:30"]}}]
devices:
${devices.join('\n')}
objectives:
  - {id: all, name: 全部, where: {kinds: [device]}, target: 0.999, aggregate: mean, period: half-year, calendar: CALENDAR}
`;
}

/** Outages by a small generator of its own, so that the same come every time. */
function transitions(): NewTransition[] {
  let seed = 7;
  const draw = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  return Array.from({ length: MEMBERS }, (_, index) => {
    let at = FROM - DAY;
    let state: 'up' | 'down' | 'unknown' | 'degraded' = 'unknown';
    return Array.from({ length: 1 + draw(12) }, (): NewTransition => {
      const from = state;
      state = from === 'up' ? ((['down', 'down', 'unknown', 'degraded'] as const)[draw(4)] ?? 'down') : 'up';
      const edge = edgeBetween(at - draw(20_000), at + draw(20_000));
      at += 40_000 + draw(40 * DAY);
      return {
        objectId: `gd:d${index}`,
        check: null,
        transition: { from, to: state, edge, reason: 'no-reply', decidedAt: at },
        resolutionMs: 20_000,
        epoch: 1,
        told: false,
      };
    });
  }).flat();
}

describe('a bundle that a node made', () => {
  it.each(['always', 'office'])('verifies without it, counted by the calendar "%s"', async (calendar) => {
    const { database: db } = server;
    await db.query(
      'TRUNCATE node_identity, inventory, checks, log, transitions, current_states, partition_states, maintenance, reclassifications, incidents, incident_members, closed_figures, closed_figure_members RESTART IDENTITY CASCADE',
    );
    const { configuration, faults } = loadConfiguration([
      { name: 'a.yaml', bytes: new TextEncoder().encode(yaml().replace('CALENDAR', calendar)) },
    ]);
    if (configuration === null) throw new Error(JSON.stringify(faults));
    await applyInventory(
      db,
      { entities: configuration.entities, origin: 'file', partitions: 1 },
      { now: FROM - 2 * DAY, by: 't', source: 't' },
    );
    await db.query(
      "INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)",
      [NOW],
    );
    await db.transaction((tx) => recordTransitions(tx, transitions(), TO));
    await db.query(
      `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by, approved_at, approved_by, cancelled_at)
       SELECT gen_random_uuid(), 'w' || n, '{}', ARRAY['cn.gd.c' || n % 7], $1::bigint + n * 86400000::bigint, $1::bigint + n * 86400000::bigint + 7200000, 0, 'x',
         CASE n % 3 WHEN 0 THEN NULL ELSE $1::bigint + n * 86400000::bigint - (n % 3 - 1) END, 'y', NULL FROM generate_series(0, 150) AS n`,
      [FROM],
    );
    const stated = { objects: [], startsAt: FROM, endsAt: TO, reason: 'r' };
    await insertReclassification(
      db,
      '00000000-0000-4000-8000-000000000001',
      { ...stated, effect: 'charge', party: 'carrier', divisions: ['cn.gd.c1'] },
      'li',
      TO,
    );
    await insertReclassification(
      db,
      '00000000-0000-4000-8000-000000000002',
      { ...stated, effect: 'count', party: null, divisions: ['cn.gd.c2'] },
      'li',
      TO,
    );
    await db.query(
      `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at, resolved_at)
       SELECT gen_random_uuid(), 'resolved', 'major', 'gd:d0', 'cn.gd', 'province', 'other', 't', $1::bigint + n * 86400000::bigint, $1::bigint + n * 86400000::bigint, $1::bigint + n * 86400000::bigint,
         $1::bigint, $1::bigint + (n + 3) * 86400000::bigint FROM generate_series(0, 100) AS n`,
      [FROM],
    );
    await db.query(
      `INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at)
       SELECT id, 'gd:d' || (number * 3 % ${MEMBERS}), 'symptom', started_at, resolved_at FROM incidents`,
    );

    const objective = await findObjective(db, 'all', ['']);
    if (objective === undefined) throw new Error('no objective');
    const made = await closePeriod(db, { objective, from: FROM, to: TO, reason: 'test', closedBy: 'test', signer, now: NOW });
    const parts: Uint8Array[] = [];
    for await (const part of readArtifact(db, made?.evidence ?? '')) parts.push(part);
    const text = gunzipSync(Buffer.concat(parts)).toString('utf8');
    const found = await verifyBundle(inChunks(text, 100_000));
    expect(found.faults).toEqual([]);
    expect(found).toMatchObject({ members: MEMBERS, publicKey: signer.publicKey });
    expect(found.whole).toEqual(made?.body.figures[0]);
    const live = await readFigure(db, { objective, from: FROM, to: TO, scope: [''], now: NOW });
    expect(found.whole?.experienced.account).toEqual(live.whole.experienced.account);
    expect(found.whole?.responsible.account).toEqual(live.whole.responsible.account);
    expect(live.whole.responsible.account).not.toEqual(live.whole.experienced.account);
    expect(found.whole?.experienced.availability).toBeCloseTo(live.whole.experienced.availability ?? 0, 12);
  });
});
