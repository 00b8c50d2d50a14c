import { generateKeyPairSync, sign } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { EvidenceLine, loadConfiguration, type ObjectiveBody } from '@beacontower/contracts';
import { edgeBetween, parsePeriod, type State } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readArtifact } from '../artifacts/index.ts';
import { readFigure } from '../figures/index.ts';
import { applyInventory } from '../inventory/index.ts';
import type { Database } from '../pool.ts';
import { findObjective } from '../queries/objectives.ts';
import { insertReclassification, withdrawReclassification } from '../reclassifications/index.ts';
import { recordTransitions } from '../record/transitions.ts';
import { closePeriod } from './close.ts';
import { differs, readLatestFigures, readRecordedUntil, readTouched } from './examine.ts';
import { listClosedFigures } from './list.ts';
import { type ClosedFigure, foldClosed, readClosedFigure, readClosedMembers } from './read.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = {
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  sign: (message: Uint8Array) => sign(null, message, privateKey).toString('base64'),
};
const period = parsePeriod('2026-03', 'Asia/Shanghai');
if (period === null) throw new Error('no period');
const { from: FROM, to: TO } = period;
const CLOSED = TO + 5 * DAY;

let server: TestDatabase;
let db: Database;
let objective: ObjectiveBody;

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
});
afterAll(() => server?.stop());
beforeEach(async () => {
  await db.query(
    `TRUNCATE node_identity, inventory, checks, log, log_readers, transitions, current_states, partition_states, maintenance, reclassifications,
       incidents, incident_members, incident_events, object_keys, accounting_months, accounting_days, closed_figures, closed_figure_members, artifacts, artifact_parts
     RESTART IDENTITY CASCADE`,
  );
  await db.query('UPDATE inventory_version SET version = 0, applied_at = 0');
  const yaml = `
node: {id: gd, name: 广东, division: cn.gd, partitions: 1}
zones: [{id: z, anchors: [192.0.2.254]}]
divisions: [{id: cn.gd, name: 广东}, {id: cn.gd.sz, name: 深圳}, {id: cn.gd.gz, name: 广州}]
parties: [{id: province, name: 省, tier: province}, {id: carrier, name: 运营商, tier: carrier}]
devices:
  - {id: a, name: A, division: cn.gd.sz, party: province, addresses: {ipv4: 192.0.2.1}}
  - {id: b, name: B, division: cn.gd.gz, party: province, addresses: {ipv4: 192.0.2.2}}
objectives:
  - {id: all, name: 全部, division: cn.gd, objects: [a, b], target: 0.999, aggregate: mean, period: month}
`;
  const { configuration, faults } = loadConfiguration([{ name: 'a.yaml', bytes: new TextEncoder().encode(yaml) }]);
  if (configuration === null) throw new Error(JSON.stringify(faults));
  await applyInventory(db, { entities: configuration.entities, origin: 'file', partitions: 1 }, { now: FROM, by: 'test', source: 'test' });
  const [id] = configuration.entities.flatMap((entity) => (entity.entity === 'objective' ? [entity.id] : []));
  const found = await findObjective(db, id ?? '', ['']);
  if (found === undefined) throw new Error('no objective');
  objective = found;
  await judgedUntil(CLOSED);
  await record('gd:a', [
    ['unknown', 'up', FROM],
    ['up', 'down', FROM + DAY],
    ['down', 'up', FROM + DAY + HOUR],
  ]);
  await record('gd:b', [['unknown', 'up', FROM]]);
});

async function judgedUntil(watermark: number): Promise<void> {
  await db.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)
     ON CONFLICT (partition) DO UPDATE SET watermark = excluded.watermark`,
    [watermark],
  );
}

async function record(objectId: string, changes: readonly [from: State, to: State, at: number][], recordedAt = TO): Promise<void> {
  const items = changes.map(([from, to, at]) => ({
    objectId,
    check: null,
    transition: { from, to, edge: edgeBetween(at - 5_000, at + 5_000), reason: 'no-reply' as const, decidedAt: at },
    resolutionMs: 20_000,
    epoch: 1,
    told: true,
  }));
  await db.transaction((tx) => recordTransitions(tx, items, recordedAt));
}

const close = (now = CLOSED, reason = 'the period ended') =>
  closePeriod(db, { objective, from: FROM, to: TO, reason, closedBy: 'assessor', signer, now });
const closed = async (now?: number, reason?: string): Promise<ClosedFigure> => {
  const made = await close(now, reason);
  if (made === undefined) throw new Error('nothing was closed');
  return made;
};
async function evidence({ evidence: id }: { evidence: string | null }): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of readArtifact(db, id ?? '')) parts.push(part);
  return gunzipSync(Buffer.concat(parts)).toString('utf8');
}
/** Everything of a version, as it lies in the database. */
async function frozen(id: string): Promise<string> {
  const rows = await db.query(
    'SELECT f::text AS row FROM closed_figures f WHERE id = $1 UNION ALL SELECT m::text FROM closed_figure_members m WHERE figure = $1',
    [id],
  );
  return JSON.stringify(rows.rows.map(({ row }) => row as string).sort());
}

describe('a period', () => {
  it('is closed with the figure that readFigure gives, its members and its evidence', async () => {
    const made = await closed();
    const live = await readFigure(db, { objective, from: FROM, to: TO, scope: [''], now: CLOSED });
    expect(made).toMatchObject({ version: 1, from: FROM, to: TO, knownUntil: CLOSED, closedBy: 'assessor' });
    const [whole, ...groups] = made.body.figures;
    expect(whole?.experienced).toEqual(live.whole.experienced);
    expect(whole?.responsible).toEqual(live.whole.responsible);
    expect(whole).toMatchObject({ members: 2, verdict: 'met' });
    expect(groups.map(({ group, key }) => `${group} ${key}`)).toEqual(['division cn.gd.gz', 'division cn.gd.sz', 'party province']);
    const members = await readClosedMembers(db, made.id, { scope: [''], limit: 10 });
    expect(members.map(({ id, experienced }) => [id, experienced.downMs])).toEqual([
      ['gd:a', HOUR],
      ['gd:b', 0],
    ]);
    const lines = (await evidence(made))
      .trimEnd()
      .split('\n')
      .map((line) => EvidenceLine.parse(JSON.parse(line)));
    expect(lines.at(-1)).toMatchObject({ line: 'signature', sha256: made.body.evidence.sha256, publicKey: signer.publicKey });
    expect(lines).toHaveLength(made.body.evidence.lines);
    expect(lines.filter(({ line }) => line === 'transition')).toHaveLength(4);
    const log = await db.query("SELECT body FROM log WHERE kind = 'figure'");
    expect(log.rows).toMatchObject([{ body: { figure: made.id, version: 1, change: 'closed', objective: objective.id } }]);
    const audit = await db.query("SELECT actor, object FROM audit WHERE action = 'close period'");
    expect(audit.rows).toEqual([{ actor: 'assessor', object: made.id }]);
  });

  it('is closed once: nothing that changes no account makes a version', async () => {
    const first = await closed();
    const before = await frozen(first.id);
    expect(await close(CLOSED + HOUR)).toBeUndefined();
    expect(await frozen(first.id)).toBe(before);
    expect((await db.query('SELECT count(*)::int AS n FROM artifacts')).rows[0]?.n).toBe(1);
  });

  it('has a second version when a transition comes late, and the first stays byte for byte', async () => {
    const first = await closed();
    const [before, bundle] = [await frozen(first.id), await evidence(first)];
    await record(
      'gd:b',
      [
        ['up', 'down', FROM + 2 * DAY],
        ['down', 'up', FROM + 2 * DAY + HOUR],
      ],
      CLOSED + HOUR,
    );
    const second = await closed(CLOSED + 2 * HOUR, 'the province came back');
    expect(second).toMatchObject({ version: 2, reason: 'the province came back' });
    const { changes } = second.body;
    expect(changes?.members.items).toMatchObject([
      { object: 'gd:b', basis: 'experienced', before: { downMs: 0 }, after: { downMs: HOUR } },
      { object: 'gd:b', basis: 'responsible', before: { downMs: 0 }, after: { downMs: HOUR } },
    ]);
    expect(changes?.transitions).toMatchObject({
      count: 2,
      items: [{ object: 'gd:b', to: 'down', recordedAt: CLOSED + HOUR }, { to: 'up' }],
    });
    expect(await frozen(first.id)).toBe(before);
    expect(await evidence(first)).toBe(bundle);
    expect(JSON.parse((await evidence(second)).split('\n')[0] ?? '')).toMatchObject({
      figureVersion: 2,
      previous: { figureVersion: 1, sha256: first.body.evidence.sha256 },
    });
    expect((await readClosedFigure(db, objective.id, FROM, TO))?.version).toBe(2);
    expect((await readClosedFigure(db, objective.id, FROM, TO, 1))?.id).toBe(first.id);
    expect((await listClosedFigures(db, { limit: 10 }, ['cn.gd.sz'])).items.map(({ version }) => version)).toEqual([2, 1]);
    expect((await listClosedFigures(db, { limit: 10 }, ['cn.gx'])).items).toEqual([]);
  });

  it.each([
    ['exclude', null, { experienced: { downMs: 0, excludedMs: HOUR } }],
    ['charge', 'carrier', { experienced: { downMs: HOUR }, responsible: { downMs: 0 } }],
  ] as const)('is restated by a reclassification (%s), and again when it is withdrawn', async (effect, party, after) => {
    await closed();
    const id = '00000000-0000-4000-8000-000000000001';
    const stated = {
      effect,
      party,
      objects: ['gd:a'],
      divisions: [],
      startsAt: FROM + DAY,
      endsAt: FROM + DAY + HOUR,
      reason: 'entered late',
    };
    await insertReclassification(db, id, stated, 'li', CLOSED + 1);
    const elsewhere = { ...stated, objects: ['gd:elsewhere'] };
    await insertReclassification(db, '00000000-0000-4000-8000-000000000002', elsewhere, 'li', CLOSED + 1);
    const second = await closed(CLOSED + 2);
    const [member] = await readClosedMembers(db, second.id, { scope: [''], limit: 1 });
    expect(member).toMatchObject(after);
    expect(second.body.changes?.reclassifications.items).toMatchObject([
      { id, reason: 'entered late', recordedBy: 'li', withdrawnAt: null },
    ]);
    await withdrawReclassification(db, id, 'it was not planned', 'wang', CLOSED + 3);
    const third = await closed(CLOSED + 4);
    expect(third.body.changes?.reclassifications.items).toMatchObject([{ id, withdrawnBy: 'wang', withdrawnReason: 'it was not planned' }]);
    const first = await readClosedFigure(db, objective.id, FROM, TO, 1);
    expect(third.body.figures).toEqual(first?.body.figures);
  });

  it('without members has no figure and is undecided', async () => {
    objective = { ...objective, objects: ['gd:nothing'], class: null };
    const { body } = await closed();
    expect(body.figures).toMatchObject([
      { group: 'whole', members: 0, verdict: 'undecided', experienced: { availability: null, lowest: null } },
    ]);
  });

  it('that was not judged to its end is closed with what is known, and says so', async () => {
    await judgedUntil(TO - DAY);
    const { body } = await closed();
    expect(body).toMatchObject({ unjudged: 2, figures: [{ experienced: { account: { unknownMs: 2 * DAY } } }, {}, {}, {}] });
    await judgedUntil(CLOSED);
    expect((await closed(CLOSED + HOUR)).body.figures[0]?.experienced.account.unknownMs).toBe(0);
  });

  it('two at a time make one version', async () => {
    const ends = await Promise.allSettled([close(), close(), close()]);
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    const versions = await db.query('SELECT version FROM closed_figures');
    expect(versions.rows).toEqual([{ version: 1 }]);
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'closed-meanwhile' });
  });

  it('keeps the definition it was judged by, whatever becomes of the objective', async () => {
    await closed();
    const changed = { ...objective, target: 0.5, calendar: 'gone' };
    await record('gd:b', [['up', 'down', FROM + 2 * DAY]], CLOSED + HOUR);
    const second = await closePeriod(db, { objective: changed, from: FROM, to: TO, reason: 'r', closedBy: 'c', signer, now: CLOSED + DAY });
    expect(second?.body.objective.target).toBe(0.999);
  });
});

describe('what was recorded since', () => {
  it('names the objects it is about, and only those that reach back', async () => {
    const first = await closed();
    const touched = () => readTouched(db, CLOSED + HOUR, TO);
    expect(await touched()).toEqual([]);
    await record('gd:a', [['up', 'down', TO + DAY]], CLOSED + 2 * HOUR);
    expect(await touched()).toEqual([]);
    await record('gd:b', [['up', 'down', FROM + 3 * DAY]], CLOSED + 2 * HOUR);
    expect(await touched()).toEqual([{ objectId: 'gd:b', from: FROM + 3 * DAY - 5_000 }]);
    expect(await differs(db, first, ['gd:b'], CLOSED + 3 * HOUR)).toBe(true);
    expect(await differs(db, first, ['gd:a', 'gd:nobody'], CLOSED + 3 * HOUR)).toBe(false);
    await insertReclassification(
      db,
      '00000000-0000-4000-8000-000000000002',
      { effect: 'count', party: null, objects: [], divisions: ['cn.gd'], startsAt: FROM, endsAt: FROM + 1, reason: 'r' },
      'li',
      CLOSED + 2 * HOUR,
    );
    expect((await touched()).map(({ objectId }) => objectId).sort()).toEqual(['gd:a', 'gd:b']);
    expect(await readLatestFigures(db, 0)).toMatchObject([{ id: first.id, version: 1, unjudged: 0 }]);
  });

  it('is not over while a transaction that began before may still record something', async () => {
    const later = Date.now() + HOUR;
    await db.transaction(async (tx) => {
      await tx.query('SELECT 1');
      expect(await readRecordedUntil(db, later)).toBeLessThanOrEqual(Date.now());
      expect(await readRecordedUntil(db, 1_000)).toBe(1_000);
    });
    expect(await readRecordedUntil(db, later)).toBe(later);
  });

  it('reaches back to the beginning of an outage that is charged whole', async () => {
    await record('gd:b', [
      ['up', 'down', TO - HOUR],
      ['down', 'up', TO + DAY],
    ]);
    const first = await closed();
    expect(first.body.figures[0]?.responsible.account.downMs).toBe(2 * HOUR);
    await insertReclassification(
      db,
      '00000000-0000-4000-8000-000000000003',
      { effect: 'charge', party: 'carrier', objects: ['gd:b'], divisions: [], startsAt: TO + HOUR, endsAt: TO + DAY, reason: 'r' },
      'li',
      CLOSED + 2 * HOUR,
    );
    expect(await readTouched(db, CLOSED + HOUR, TO)).toEqual([{ objectId: 'gd:b', from: TO - HOUR - 5_000 }]);
    expect(await differs(db, first, ['gd:b'], CLOSED + 3 * HOUR)).toBe(true);
  });
});

describe('a closed figure', () => {
  it('is folded from frozen accounts for those who see a part of it', async () => {
    const first = await closed();
    const own = await foldClosed(db, first, { scope: ['cn.gd.sz'], groupBy: 'division' }, ({ division }) => division);
    expect(own.whole).toMatchObject({ members: 1, experienced: { account: { downMs: HOUR } } });
    expect(own.groups.map(({ key }) => key)).toEqual(['cn.gd.sz']);
    const all = await foldClosed(db, first, { scope: [''] }, () => null);
    expect(all.whole.experienced).toEqual(first.body.figures[0]?.experienced);
  });
});
