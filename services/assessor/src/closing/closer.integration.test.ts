import { generateKeyPairSync, sign } from 'node:crypto';
import type { EntityBody } from '@beacontower/contracts';
import {
  type Database,
  insertReclassification,
  listClosedFigures,
  type NewTransition,
  readClosedFigure,
  recordTransitions,
} from '@beacontower/database';
import { DEFAULT_ICMP_POLICY, edgeBetween, parsePeriod, type State } from '@beacontower/domain';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { FakeClock, startDatabase, type TestDatabase, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAssessor } from '../app.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = {
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  sign: (message: Uint8Array) => sign(null, message, privateKey).toString('base64'),
};
const march = parsePeriod('2026-03', 'Asia/Shanghai');
if (march === null) throw new Error('no period');
const { from: FROM, to: TO } = march;

let server: TestDatabase;
let db: Database;
const clock = new FakeClock(TO + DAY);

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
  await db.query("INSERT INTO node_identity (node, incarnation, partitions, created_at) VALUES ('gd', gen_random_uuid(), 1, 0)");
  for (const id of ['gd:a', 'gd:b']) await insert('object', objectBody(id));
  await insert('objective', OBJECTIVE);
  await record('gd:a', [['unknown', 'up', FROM]], FROM);
  await record('gd:b', [['unknown', 'up', FROM]], FROM);
});
afterAll(() => server?.stop());

const OBJECTIVE: EntityBody<'objective'> = {
  id: 'access',
  name: '接入',
  nameEn: null,
  class: 'user-access',
  objects: null,
  where: null,
  division: 'cn.gd',
  target: 0.999,
  aggregate: 'mean',
  period: 'month',
  rollingDays: null,
  calendar: 'always',
  timeZone: 'Asia/Shanghai',
  basis: 'experienced',
  closeAfterMs: 5 * DAY,
  warnings: [],
};

function objectBody(id: string): EntityBody<'object'> {
  return {
    id,
    kind: 'access-line',
    name: id,
    division: 'cn.gd',
    class: 'user-access',
    party: null,
    servingRule: 'any',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: [{ id: `${id}/icmp4`, objectId: id, kind: 'icmp', family: 4, address: '127.0.0.2', zone: 'z', policy: DEFAULT_ICMP_POLICY }],
    weight: 1,
    runbook: null,
    attributes: {},
  };
}

async function insert(entity: string, body: { id: string }): Promise<void> {
  await db.query(
    "INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ($1, $2, 'file', $3, $4, $4, 'test')",
    [entity, body.id, JSON.stringify(body), FROM],
  );
}

async function record(objectId: string, changes: readonly [from: State, to: State, at: number][], recordedAt: number): Promise<void> {
  const items = changes.map(
    ([from, to, at]): NewTransition => ({
      objectId,
      check: null,
      transition: { from, to, edge: edgeBetween(at, at), reason: 'no-reply', decidedAt: at },
      resolutionMs: 20_000,
      epoch: 1,
      told: true,
    }),
  );
  await db.transaction((tx) => recordTransitions(tx, items, recordedAt));
}

async function judgedUntil(watermark: number): Promise<void> {
  await db.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)
     ON CONFLICT (partition) DO UPDATE SET watermark = excluded.watermark`,
    [watermark],
  );
}

const versions = async () => (await listClosedFigures(db, { limit: 100 }, [''])).items.map(({ version }) => version);
const latest = () => readClosedFigure(db, 'access', FROM, TO);
const examined = async () =>
  (await db.query<{ at: number }>("SELECT sequence AS at FROM log_readers WHERE name = 'closing'")).rows[0]?.at ?? 0;

describe('the assessor', () => {
  it('closes a period when its time has come, and makes a version of what comes late, by itself', async () => {
    const logger = createLogger({ name: 'test', level: 'silent' });
    const registry = createRegistry({ process: 'test' }, false);
    const assessor = createAssessor({ instance: 'test', closeEveryMs: 20 }, { database: db, clock, logger, registry, signer });
    /** Lets it look at least once at what there is now. */
    const looked = async () => {
      clock.advance(1);
      const from = clock.now();
      await waitFor(async () => (await examined()) >= from, { what: 'the assessor to look', timeoutMs: 20_000 });
    };
    await judgedUntil(TO - DAY);
    await assessor.start();
    try {
      await looked();
      expect(await versions()).toEqual([]);

      // The time has come, but the node still judges; an hour later it is closed with what is known.
      clock.advance(TO + 5 * DAY - clock.now());
      await looked();
      expect(await versions()).toEqual([]);
      clock.advance(HOUR);
      await waitFor(async () => (await versions()).length === 1, { what: 'the closing', timeoutMs: 20_000 });
      expect(await latest()).toMatchObject({ version: 1, closedBy: 'assessor', body: { unjudged: 2 } });

      await judgedUntil(TO + 6 * DAY);
      await waitFor(async () => (await versions()).length === 2, { what: 'the version of what was judged late', timeoutMs: 20_000 });
      expect((await latest())?.body.figures[0]?.experienced.completeness).toBe(1);

      clock.advance(DAY);
      await record(
        'gd:b',
        [
          ['up', 'down', FROM + DAY],
          ['down', 'up', FROM + DAY + HOUR],
        ],
        clock.now(),
      );
      await waitFor(async () => (await versions()).length === 3, { what: 'the version of late data', timeoutMs: 20_000 });
      expect((await latest())?.body.changes).toMatchObject({ members: { count: 2 }, transitions: { count: 2 } });

      const stated = {
        effect: 'exclude',
        party: null,
        objects: ['gd:b'],
        divisions: [],
        startsAt: FROM + DAY,
        endsAt: FROM + 2 * DAY,
      } as const;
      await insertReclassification(db, '00000000-0000-4000-8000-000000000001', { ...stated, reason: 'planned' }, 'li', clock.now());
      await waitFor(async () => (await versions()).length === 4, { what: 'the version of a reclassification', timeoutMs: 20_000 });
      expect((await latest())?.body.changes?.reclassifications).toMatchObject({ count: 1, items: [{ reason: 'planned' }] });

      // Nothing new: nothing made.
      await looked();
      await looked();
      expect(await versions()).toEqual([4, 3, 2, 1]);
      expect(assessor.health()).toEqual({ status: 'ok' });
    } finally {
      await assessor.stop();
    }
  });
});
