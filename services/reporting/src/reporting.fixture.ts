/** For the integration tests of reporting: a real PostgreSQL and Redis, a small past, and reporting on top of them. */
import type { EntityBody, EntityKind, ReportOrder } from '@beacontower/contracts';
import { type Database, insertReport } from '@beacontower/database';
import { DEFAULT_ICMP_POLICY } from '@beacontower/domain';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { FakeClock, startDatabase, startRedis, type TestDatabase, type TestServer } from '@beacontower/testing';
import { createReporting } from './app.ts';
import type { ReportingConfig } from './config.ts';

export const ZONE = 'Asia/Shanghai';
export const FROM = Date.parse('2018-01-01T00:00:00+08:00');
export const TO = Date.parse('2018-07-01T00:00:00+08:00');
/** After the end of the half-year, and after what its schedule waits. */
export const NOW = Date.parse('2018-07-08T00:00:00+08:00');
const LONG_AGO = Date.parse('2017-01-01T00:00:00+08:00');

export interface ReportingHarness {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly clock: FakeClock;
  readonly redis: TestServer;
  /** Reporting as one process would run it; ended by `stop`. */
  start(config?: Partial<ReportingConfig>): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
}

export async function startReportingHarness(): Promise<ReportingHarness> {
  const [test, redis]: [TestDatabase, TestServer] = await Promise.all([startDatabase(), startRedis()]);
  const { database } = test;
  const clock = new FakeClock(NOW);
  const running: { stop(): Promise<void> }[] = [];
  await database.query(
    "INSERT INTO node_identity (node, incarnation, partitions, created_at) VALUES ('centre', gen_random_uuid(), 1, $1)",
    [LONG_AGO],
  );
  return {
    database,
    databaseUrl: test.server.url,
    clock,
    redis,
    async start(config = {}) {
      const settings = { instance: 'test/report', sweepMs: 50, scheduleMs: 50, mailMs: 50, leaseTtlMs: 600, ...config };
      const reporting = createReporting(settings, {
        database,
        redisUrl: redis.url,
        bullPrefix: 'test',
        clock,
        logger: createLogger({ name: 'test', level: 'silent' }),
        registry: createRegistry({ process: 'test' }, false),
        random: () => 0,
      });
      await reporting.start();
      running.push(reporting);
      return reporting;
    },
    async close() {
      for (const each of running.splice(0)) await each.stop();
      await Promise.all([test.stop(), redis.stop()]);
    },
  };
}

/** Puts an entity into the inventory, valid from long ago (or from `since`). */
export async function putEntity<K extends EntityKind>(db: Database, entity: K, body: EntityBody<K>, since = LONG_AGO): Promise<void> {
  await db.query(
    "INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ($1, $2, 'file', $3, $4, $4, 'test')",
    [entity, body.id, JSON.stringify(body), since],
  );
}

export function objectBody(id: string, division: string, more: Partial<EntityBody<'object'>> = {}): EntityBody<'object'> {
  const policy = DEFAULT_ICMP_POLICY;
  return {
    id,
    kind: 'device',
    name: `对象 ${id}`,
    division,
    class: 'backbone',
    party: 'province',
    servingRule: 'any',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: [{ id: `${id}/icmp4`, objectId: id, kind: 'icmp', family: 4, address: '192.0.2.1', zone: 'centre', policy }],
    weight: 1,
    runbook: null,
    attributes: {},
    ...more,
  };
}

export function objectiveBody(id: string, more: Partial<EntityBody<'objective'>> = {}): EntityBody<'objective'> {
  return {
    id,
    name: '广域骨干网可用率',
    nameEn: 'Backbone availability',
    class: 'backbone',
    objects: null,
    where: null,
    division: 'cn',
    target: 0.9997,
    aggregate: 'mean',
    period: 'half-year',
    rollingDays: null,
    calendar: 'always',
    timeZone: ZONE,
    basis: 'experienced',
    closeAfterMs: null,
    warnings: [],
    ...more,
  };
}

/** The smallest network of which there is a report: a node, one object that was always up, and its objective, all judged. */
export async function putBackbone(db: Database): Promise<void> {
  await putEntity(db, 'node', { id: 'centre', name: '国家节点', division: 'cn', timeZone: ZONE, language: 'zh' });
  await putEntity(db, 'object', objectBody('centre:a', 'cn.gd'));
  await putEntity(db, 'objective', objectiveBody('backbone'));
  await putPast(db, 'centre:a', []);
  await putWatermark(db, NOW);
}

/** What an object did: up from the beginning of the year before, then down in each span. */
export async function putPast(db: Database, object: string, outages: readonly (readonly [from: number, to: number])[]): Promise<void> {
  const changes: (readonly [string, string, number])[] = [['unknown', 'up', LONG_AGO]];
  for (const [from, to] of outages) changes.push(['up', 'down', from], ['down', 'up', to]);
  for (const [before, after, at] of changes) {
    await db.query(
      `INSERT INTO transitions (subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, recorded_at)
       VALUES ('object', $1, $1, $2, $3, $4, $4, $4, $5, 10000, $4, 1, $4)`,
      [object, before, after, at, after === 'down' ? 'no-reply' : 'replied'],
    );
  }
}

/** Says that everything up to a moment has been judged. */
export async function putWatermark(db: Database, at: number): Promise<void> {
  await db.query(
    "INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0-0', '', $1, $1)",
    [at],
  );
}

export const ORDER: ReportOrder = {
  kind: 'availability',
  from: FROM,
  to: TO,
  label: '2018-H1',
  timeZone: ZONE,
  division: 'cn',
  objectives: null,
  languages: ['zh'],
  formats: ['csv'],
};

export async function askFor(db: Database, id: string, order: Partial<ReportOrder> = {}): Promise<void> {
  await insertReport(db, { id, order: { ...ORDER, ...order }, requestedBy: 'tester', schedule: null, now: NOW });
}
