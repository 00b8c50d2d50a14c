/** For the tests of this service: a real PostgreSQL and Redis with a small inventory, and the application on top of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityBody, EntityKind } from '@beacontower/contracts';
import { createDatabase, type Database, migrate } from '@beacontower/database';
import { DEFAULT_ICMP_POLICY } from '@beacontower/domain';
import { createKeys, createRedis } from '@beacontower/queue';
import { createFileSigner, createLogger, createRegistry, createSealer, SEALING_KEY_BYTES } from '@beacontower/runtime';
import { FakeClock, startPostgres, startRedis, type TestServer } from '@beacontower/testing';
import { buildApp } from './app.ts';
import { type ApiOptions, apiConfig } from './config.ts';
import type { ApiDeps, App } from './context.ts';

export const BOOTSTRAP = 'bootstrap-token-of-the-tests';
export const NOW = Date.UTC(2026, 2, 10, 12);

/** What a test file holds while it runs. */
export interface Harness {
  readonly database: Database;
  readonly deps: ApiDeps;
  readonly clock: FakeClock;
  readonly postgres: TestServer;
  readonly redisServer: TestServer;
  /** The application with some options changed; closed at the end. */
  app(options?: Partial<ApiOptions>): Promise<App>;
  close(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const [postgres, redisServer] = await Promise.all([startPostgres(), startRedis()]);
  await migrate(postgres.url);
  const database = createDatabase({ url: postgres.url, applicationName: 'test', onError: () => undefined });
  const redis = createRedis(redisServer.url, () => undefined);
  const clock = new FakeClock(NOW);
  const keys = mkdtempSync(join(tmpdir(), 'bt-api-'));
  const deps: ApiDeps = {
    database,
    redis,
    keys: createKeys('test'),
    clock,
    logger: createLogger({ name: 'test', level: 'silent' }),
    registry: createRegistry({ process: 'test' }, false),
    signer: createFileSigner(join(keys, 'signing.key')),
    sealer: createSealer(new Uint8Array(SEALING_KEY_BYTES).fill(7)),
    instance: 'test',
    console: null,
  };
  const apps: App[] = [];
  await database.query("INSERT INTO node_identity (node, incarnation, partitions, created_at) VALUES ('bj', gen_random_uuid(), 8, $1)", [
    NOW,
  ]);
  return {
    database,
    deps,
    clock,
    postgres,
    redisServer,
    async app(options = {}) {
      const app = await buildApp(apiConfig({ listen: { host: '127.0.0.1', port: 0 }, bootstrapToken: BOOTSTRAP, ...options }), {
        ...deps,
        registry: createRegistry({ process: 'test' }, false),
      });
      apps.push(app);
      await app.ready();
      return app;
    },
    async close() {
      await Promise.all(apps.map((app) => app.close()));
      redis.disconnect();
      await database.close();
      await Promise.all([postgres.stop(), redisServer.stop()]);
      rmSync(keys, { recursive: true });
    },
  };
}

/** Puts an entity into the inventory as `apply` would have, valid from the beginning of the year. */
export async function insertEntity<K extends Exclude<EntityKind, 'credential'>>(
  db: Database,
  entity: K,
  body: EntityBody<K>,
): Promise<void> {
  await db.query(
    "INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ($1, $2, 'file', $3, $4, $4, 'test')",
    [entity, body.id, JSON.stringify(body), Date.UTC(2026, 0, 1)],
  );
}

/** An object with one IPv4 check. */
export function objectBody(id: string, division: string, more: Partial<EntityBody<'object'>> = {}): EntityBody<'object'> {
  return {
    id,
    kind: 'device',
    name: `object ${id}`,
    division,
    class: 'backbone',
    party: 'party-a',
    servingRule: 'any',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: [
      {
        id: `${id}/icmp4`,
        objectId: id,
        kind: 'icmp',
        family: 4,
        address: '127.0.0.2',
        zone: 'centre',
        policy: DEFAULT_ICMP_POLICY,
      },
    ],
    weight: 1,
    runbook: null,
    attributes: {},
    ...more,
  };
}

/** The projection of a subject's latest state. */
export async function setState(db: Database, object: string, check: string | null, state: string, since: number): Promise<void> {
  await db.query(
    `INSERT INTO current_states (subject, subject_kind, object_id, state, since, reason, transition) VALUES ($1, $2, $3, $4, $5, 'replied', 0)
     ON CONFLICT (subject) DO UPDATE SET state = excluded.state, since = excluded.since`,
    [check ?? object, check === null ? 'object' : 'check', object, state, since],
  );
}

/** An authorization header. */
export function bearer(token = BOOTSTRAP): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

/** Creates a token through the API. */
export async function createToken(app: App, roles: string[], divisions: string[]): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers: bearer(),
    payload: { name: `${roles.join('+')} of ${divisions.join('+')}`, roles, divisions },
  });
  return (answer.json() as { token: string }).token;
}
