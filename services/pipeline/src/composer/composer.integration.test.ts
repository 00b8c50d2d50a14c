import { type DesiredEntity, ENTITY_SCHEMAS } from '@beacontower/contracts';
import {
  applyInventory,
  type Database,
  dispatchLog,
  LeasedLoop,
  LeaseKeeper,
  readJudged,
  readLog,
  readTimelineInputs,
  readTransitions,
  recordTransitions,
} from '@beacontower/database';
import { accountFor, type Combination, type MonitoredObject, type State, type TimelineInput } from '@beacontower/domain';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { FakeClock, startDatabase, type TestDatabase, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPipelineMetrics } from '../metrics.ts';
import { objectOf } from '../partition.fixture.ts';
import { COMPOSER_LEASE, Composer } from './composer.ts';

const START = 1_800_000_000_000;
const at = (seconds: number) => START + seconds * 1_000;

let server: TestDatabase;
let db: Database;
const stops: (() => Promise<void>)[] = [];
const states = new Map<string, State>();

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  await db.query('TRUNCATE node_identity, leases, log_readers, transitions, current_states, log, checks, inventory RESTART IDENTITY');
  await db.query('UPDATE inventory_version SET version = 0, applied_at = 0');
  states.clear();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function composite(id: string, combines: Combination): MonitoredObject {
  return { ...objectOf(id), kind: 'service', checks: [], combines };
}

async function apply(objects: readonly MonitoredObject[], seconds: number): Promise<void> {
  const node: DesiredEntity = { entity: 'node', id: 'n', body: { id: 'n', name: 'N', division: 'cn', timeZone: 'UTC', language: 'en' } };
  const entities = objects.map((object): DesiredEntity => ({ entity: 'object', id: object.id, body: ENTITY_SCHEMAS.object.parse(object) }));
  const { plan } = await applyInventory(
    db,
    { entities: [node, ...entities], origin: 'file', partitions: 1 },
    { now: at(seconds), by: 'test', source: 'test' },
  );
  expect(plan.refused).toEqual([]);
  await dispatch();
}

/** Records a transition of a member as the pipeline does, its edge two seconds wide. */
async function goes(objectId: string, to: State, seconds: number): Promise<void> {
  const edge = { at: at(seconds), earliest: at(seconds - 1), latest: at(seconds + 1) };
  const from = states.get(objectId) ?? 'unknown';
  states.set(objectId, to);
  const transition = { from, to, edge, reason: to === 'down' ? ('no-reply' as const) : ('replied' as const), decidedAt: at(seconds + 1) };
  await db.transaction((tx) =>
    recordTransitions(tx, [{ objectId, check: null, transition, resolutionMs: 20_000, epoch: 1, told: true }], at(seconds + 1)),
  );
  await dispatch();
}

async function dispatch(): Promise<void> {
  await db.transaction((tx) => dispatchLog(tx, 10_000));
}

async function startComposer(): Promise<() => Promise<void>> {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const leases = new LeaseKeeper({ names: [COMPOSER_LEASE], slot: 'test', ttlMs: 6_000, database: db, logger });
  const metrics = createPipelineMetrics(createRegistry({}, false));
  const work = new Composer({ database: db, clock: new FakeClock(at(0)), logger, metrics });
  const composer = new LeasedLoop(work, { leases, logger, onFailure: () => metrics.failures.inc() });
  await leases.start();
  await composer.start();
  const stop = async () => {
    await composer.stop();
    await leases.stop();
  };
  stops.push(stop);
  return stop;
}

async function said(id: string): Promise<string[]> {
  const found = (await readTransitions(db, [id], 0, Number.MAX_SAFE_INTEGER)).get(id) ?? [];
  return found.map(
    ({ to, edge }) => `${to} ${(edge.earliest - START) / 1_000}..${(edge.at - START) / 1_000}..${(edge.latest - START) / 1_000}`,
  );
}

const says = (id: string, expected: string[]) =>
  waitFor(
    async () => {
      await dispatch();
      const found = await said(id);
      return JSON.stringify(found) === JSON.stringify(expected) ? true : undefined;
    },
    { what: `${id} to be ${expected.join(', ')}` },
  ).catch(async () => expect(await said(id)).toEqual(expected));

const present = async (id: string) =>
  (await db.query<{ state: string; since: number }>('SELECT state, since FROM current_states WHERE subject = $1', [id])).rows[0];

const DUAL: Combination = { rule: { require: 'any' }, of: ['n:a', 'n:b'] };
const UPLINKS = [objectOf('n:a'), objectOf('n:b'), composite('n:line', DUAL)];

describe('a composite of two uplinks', () => {
  beforeEach(async () => {
    await apply(UPLINKS, 0);
    await goes('n:a', 'up', 10);
    await goes('n:b', 'up', 20);
  });

  it('is degraded while one is down, down while both are, and recovers, each edge as open as that of the uplink', async () => {
    await startComposer();
    await says('n:line', ['up 9..10..11']);
    await goes('n:a', 'down', 100);
    await says('n:line', ['up 9..10..11', 'degraded 99..100..101']);
    await goes('n:b', 'down', 200);
    await goes('n:b', 'up', 300);
    await goes('n:a', 'up', 400);
    await says('n:line', ['up 9..10..11', 'degraded 99..100..101', 'down 199..200..201', 'degraded 299..300..301', 'up 399..400..401']);
    expect(await present('n:line')).toEqual({ state: 'up', since: at(400) });
    const period = { from: at(10), to: at(500) };
    const inputs = await readTimelineInputs(db, ['n:line'], period, await readJudged(db, at(600)));
    expect(accountFor(inputs.get('n:line') as TimelineInput)).toMatchObject({ downMs: 100_000, degradedMs: 200_000 });
    const told = (await readLog(db, 0, 1_000)).flatMap((entry) =>
      entry.kind === 'state' && entry.body.object === 'n:line' ? [entry.body.to] : [],
    );
    expect(told).toEqual(['up', 'degraded', 'down', 'degraded', 'up']);
  });

  it('goes on after a restart in the middle, and reads nothing twice', async () => {
    const stop = await startComposer();
    await goes('n:a', 'down', 100);
    await says('n:line', ['up 9..10..11', 'degraded 99..100..101']);
    await stop();
    await goes('n:b', 'down', 200);
    await startComposer();
    await says('n:line', ['up 9..10..11', 'degraded 99..100..101', 'down 199..200..201']);
    // Even should its place be lost.
    await db.query('UPDATE log_readers SET sequence = 0');
    for (const again of stops.splice(0)) await again();
    await startComposer();
    await waitFor(async () => (await db.query('SELECT 1 FROM log_readers WHERE sequence > 0')).rowCount === 1 || undefined, {
      what: 'the log to be read again',
    });
    const rows = await db.query("SELECT 1 FROM transitions WHERE subject = 'n:line'");
    expect(rows.rowCount).toBe(3);
  });

  it('is revised when a member turns out to have been down earlier', async () => {
    await startComposer();
    await goes('n:a', 'down', 100);
    await goes('n:a', 'up', 300);
    await says('n:line', ['up 9..10..11', 'degraded 99..100..101', 'up 299..300..301']);
    // Late data: the other uplink was down in between.
    await goes('n:b', 'down', 150);
    await goes('n:b', 'up', 250);
    await says('n:line', ['up 9..10..11', 'degraded 99..100..101', 'down 149..150..151', 'degraded 249..250..251', 'up 299..300..301']);
    expect(await present('n:line')).toEqual({ state: 'up', since: at(300) });
  });

  it('a composite of composites follows, and one that leaves the inventory is retired', async () => {
    const objects = [...UPLINKS, objectOf('n:c'), composite('n:site', { rule: { require: 'all' }, of: ['n:line', 'n:c'] })];
    await apply(objects, 30);
    await goes('n:c', 'up', 40);
    await startComposer();
    await says('n:site', ['up 39..40..41']);
    await goes('n:a', 'down', 100);
    await goes('n:b', 'down', 200);
    await says('n:site', ['up 39..40..41', 'degraded 99..100..101', 'down 199..200..201']);
    await apply(objects.slice(0, -1), 250);
    await says('n:site', ['up 39..40..41', 'degraded 99..100..101', 'down 199..200..201', 'unknown 250..250..250']);
  });

  it('a changed combination counts from the moment it was valid, and the past stays as it was', async () => {
    await startComposer();
    await goes('n:a', 'down', 100);
    await says('n:line', ['up 9..10..11', 'degraded 99..100..101']);
    await apply([objectOf('n:a'), objectOf('n:b'), composite('n:line', { ...DUAL, rule: { require: 'all' } })], 150);
    await says('n:line', ['up 9..10..11', 'degraded 99..100..101', 'down 150..150..150']);
  });

  it('is known no further than it is composed: of a composer that is dead the last state is not the present one', async () => {
    await apply([objectOf('n:a'), objectOf('n:b'), composite('n:site', { rule: { require: 'all' }, of: ['n:a', 'n:b'] })], 0);
    const judge = (seconds: number) =>
      db.query(
        `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)
         ON CONFLICT (partition) DO UPDATE SET watermark = excluded.watermark`,
        [at(seconds)],
      );
    const knownUntil = async () => {
      const judged = await readJudged(db, at(1_000));
      const inputs = await readTimelineInputs(db, ['n:site'], { from: at(0), to: at(300) }, judged);
      return ((inputs.get('n:site')?.judgedUntil ?? 0) - START) / 1_000;
    };
    const isKnownUntil = (seconds: number) =>
      waitFor(async () => ((await knownUntil()) === seconds ? true : undefined), { what: `known until ${seconds}` });

    for (const member of ['n:a', 'n:b']) await goes(member, 'up', 10);
    await judge(100);
    const kill = await startComposer();
    await isKnownUntil(100);
    await kill();
    await goes('n:a', 'down', 150);
    await judge(200);
    expect(await knownUntil()).toBe(100);
    await startComposer();
    await isKnownUntil(200);
    expect((await said('n:site')).at(-1)).toBe('down 149..150..151');
  });
});
