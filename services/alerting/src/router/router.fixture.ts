/** A router alone on a real PostgreSQL, with a clock that moves when told: notices in, deliveries out. */
import {
  type ChannelBody,
  type ContactBody,
  type DesiredEntity,
  type EscalationBody,
  type RotaBody,
  RouteBody,
} from '@beacontower/contracts';
import {
  acquireLeases,
  applyInventory,
  createDatabase,
  type Database,
  holderOf,
  insertIncidents,
  insertNotices,
  type Lease,
  migrate,
  type NewNotice,
} from '@beacontower/database';
import type { Severity } from '@beacontower/domain';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { FakeClock, startPostgres } from '@beacontower/testing';
import { entitiesOf, type FixtureObject, webhookChannel } from '../alerting.fixture.ts';
import { ALERTING_DEFAULTS } from '../config.ts';
import { stableUuid } from '../identifiers.ts';
import { createAlertingMetrics } from '../metrics.ts';
import { Router } from './router.ts';

/** Noon of a Monday in Shanghai. */
export const NOON = Date.parse('2026-11-23T04:00:00Z');
export const MINUTE = 60_000;

export const MAIL: ChannelBody = {
  id: 'mail',
  kind: 'email',
  host: '127.0.0.1',
  port: 25,
  tls: 'none',
  ca: null,
  user: null,
  password: null,
  from: 'noc@example.cn',
  inDoubt: 'leave',
  timeoutMs: 1_000,
  maxAttempts: 3,
  limit: null,
  template: null,
};
export const HOOK = webhookChannel('http://127.0.0.1:9/');

const TABLES =
  'deliveries, delivery_attempts, delivery_groups, notices, incident_events, incident_members, silences, maintenance, rota_overrides, current_states, incidents';

export interface Configured {
  readonly objects?: readonly FixtureObject[];
  readonly contacts?: readonly ContactBody[];
  readonly routes: readonly (Partial<Omit<RouteBody, 'match'>> & { readonly id: string; readonly match?: Partial<RouteBody['match']> })[];
  readonly rotas?: readonly RotaBody[];
  readonly escalations?: readonly EscalationBody[];
  readonly more?: readonly DesiredEntity[];
}

/** A delivery as the tests look at it. */
export interface Row {
  readonly id: string;
  readonly incident: string | null;
  readonly step: string;
  readonly occasion: string;
  readonly contact: string;
  readonly channel: string;
  readonly state: string;
  readonly carrier: string | null;
  readonly error: string | null;
  readonly released: number | null;
  readonly because: Record<string, unknown>;
  readonly payload: Record<string, unknown>;
}

export interface RouterFixture {
  readonly database: Database;
  readonly clock: FakeClock;
  /** What the bus was told, in order. */
  readonly bus: string[];
  /** As it was at the start: a route `all` to the contact `noc`, and no incidents. */
  clear(): Promise<void>;
  configure(configured: Configured): Promise<void>;
  /** Opens an incident with an object for a cause, which is down by the record, and writes its notice. Returns its id. */
  open(object: string, over?: { readonly severity?: Severity; readonly kind?: string }): Promise<string>;
  notice(incident: string | null, step: NewNotice['step'], over?: Partial<NewNotice>): Promise<void>;
  /** Changes columns of an incident. */
  set(incident: string, columns: Readonly<Record<string, unknown>>): Promise<void>;
  resolve(incident: string): Promise<void>;
  /** Passes of the router until nothing is left to do now. */
  route(): Promise<void>;
  /** A pass of one whose lease another has meanwhile. */
  passWithLostLease(): Promise<unknown>;
  /** Lets time pass, with a pass of the router at the end of each step. */
  after(ms: number, steps?: number): Promise<void>;
  /** Another process takes the router over. */
  restart(): void;
  rows(incident?: string): Promise<Row[]>;
  /** `step contact state` of each delivery of an incident, in order. */
  told(incident: string): Promise<string[]>;
  /** Kinds of the timeline's lines. */
  timeline(incident: string): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startRouter(): Promise<RouterFixture> {
  const postgres = await startPostgres();
  await migrate(postgres.url);
  const database = createDatabase({ url: postgres.url, applicationName: 'router-test', maxConnections: 4 });
  const clock = new FakeClock(NOON);
  const bus: string[] = [];
  const metrics = createAlertingMetrics(createRegistry({}, false));
  const logger = createLogger({ name: 'test', level: 'silent' });
  const deps = {
    database,
    clock,
    logger,
    metrics,
    bus: {
      add: async (jobs: readonly { readonly delivery: string }[]) => {
        bus.push(...jobs.map(({ delivery }) => delivery));
      },
    },
  };
  const create = () => new Router({ ...ALERTING_DEFAULTS, instance: 'test' }, deps);
  let router = create();
  let opened = 0;
  const signal = new AbortController().signal;
  const query = async <T>(sql: string, ...values: unknown[]) => (await database.query<T & { [column: string]: unknown }>(sql, values)).rows;
  const fixture: RouterFixture = {
    database,
    clock,
    bus,
    async clear() {
      await database.query(`TRUNCATE ${TABLES} CASCADE`);
      bus.length = 0;
      fixture.restart();
      await fixture.configure({ routes: [{ id: 'all', contacts: ['noc'] }] });
      await fixture.route();
    },
    async configure(configured) {
      const result = await applyInventory(
        database,
        { entities: entitiesFor(configured), origin: 'file' },
        { now: clock.now(), by: 'test' },
      );
      if (result.plan.refused.length > 0) throw new Error(JSON.stringify(result.plan.refused));
    },
    async open(object, { severity = 'major', kind = 'outage' } = {}) {
      const id = stableUuid('test', object, opened++);
      const now = clock.now();
      const edge = { at: now, earliest: now, latest: now };
      const place = { division: 'cn', party: null, class: 'backbone' as const };
      await database.transaction(async (tx) => {
        await insertIncidents(tx, [{ id, cause: object, severity, title: object, edge, openedAt: now, ...place }]);
        await tx.query('UPDATE incidents SET kind = $2 WHERE id = $1', [id, kind]);
        await tx.query(
          `INSERT INTO current_states (subject, subject_kind, object_id, state, since, reason, transition) VALUES ($1, 'object', $1, 'down', $2, 'no-reply', 1)
           ON CONFLICT (subject) DO UPDATE SET state = 'down'`,
          [object, now],
        );
        await insertNotices(tx, [{ incident: id, step: 'opened', occasion: '', body: {}, decidedAt: now, dueAt: now }], now);
      });
      return id;
    },
    async notice(incident, step, over = {}) {
      const now = clock.now();
      await insertNotices(database, [{ incident, step, occasion: '', body: {}, decidedAt: now, dueAt: now, ...over }], now);
    },
    async set(incident, columns) {
      const names = Object.keys(columns);
      await database.query(`UPDATE incidents SET ${names.map((name, index) => `${name} = $${index + 2}`).join(', ')} WHERE id = $1`, [
        incident,
        ...Object.values(columns),
      ]);
    },
    async resolve(incident) {
      await fixture.set(incident, { state: 'resolved', resolved_at: clock.now() });
      await fixture.notice(incident, 'resolved', { body: { resolution: 'recovered' } });
    },
    async route() {
      for (;;) {
        const [lease] = await acquireLeases(database, [router.lease], holderOf('test'), 60_000, true);
        if (!lease) throw new Error('no lease');
        const result = await router.pass({
          lease,
          signal,
          fault: rethrow,
        });
        const [left] = await query<{ count: number }>(
          'SELECT count(*) AS count FROM notices WHERE taken_at IS NULL AND due_at <= $1',
          clock.now(),
        );
        if (result === 'pause' && left?.count === 0) return;
      }
    },
    async passWithLostLease() {
      const [lost] = await acquireLeases(database, [router.lease], holderOf('test'), 60_000, true);
      await acquireLeases(database, [router.lease], holderOf('test'), 60_000, true);
      return router.pass({ lease: lost as Lease, signal, fault: rethrow });
    },
    async after(ms, steps = 1) {
      for (let step = 0; step < steps; step++) {
        clock.advance(ms / steps);
        await fixture.route();
      }
    },
    restart() {
      router.forget();
      router = create();
    },
    rows: (incident) =>
      query<Row>(
        `SELECT id, incident_id AS incident, step, occasion, contact, channel, state, carrier, last_error AS error, released_at AS released, because, payload
         FROM deliveries WHERE $1::uuid IS NULL OR incident_id = $1 ORDER BY created_at, step <> 'opened', step = 'resolved', contact, channel`,
        incident ?? null,
      ),
    told: async (incident) => (await fixture.rows(incident)).map(({ step, contact, state }) => `${step} ${contact} ${state}`),
    timeline: async (incident) =>
      (await query<{ kind: string }>('SELECT kind FROM incident_events WHERE incident_id = $1 ORDER BY id', incident)).map(
        ({ kind }) => kind,
      ),
    async stop() {
      router.forget();
      await database.close();
      await postgres.stop();
    },
  };
  return fixture;
}

function rethrow(error: unknown): void {
  throw error;
}

export function contactBody(id: string, over: Partial<ContactBody> = {}): ContactBody {
  const targets = [{ channel: 'mail', address: `${id}@example.cn`, fallbacks: [] }];
  return { id, name: id, language: 'zh', targets, quiet: null, accounts: [], ...over };
}

export function rotaBody(id: string, contacts: string[], over: Partial<RotaBody> = {}): RotaBody {
  const layers = [{ id: 'day', contacts, days: 1, from: '2026-11-23', at: 0, calendar: null }];
  return { id, name: id, nameEn: null, timeZone: 'Asia/Shanghai', layers, overrides: [], otherwise: null, tellHandOver: true, ...over };
}

function entitiesFor({ objects = [], contacts, routes, rotas = [], escalations = [], more = [] }: Configured): DesiredEntity[] {
  const people = contacts ?? ['noc', 'boss', 'li', 'wang'].map((id) => contactBody(id));
  const everything = { severities: null, classes: null, divisions: null, parties: null };
  return [
    ...entitiesOf(objects, [MAIL, HOOK]).filter(({ entity }) => entity !== 'contact' && entity !== 'route'),
    ...people.map((body) => ({ entity: 'contact' as const, id: body.id, body })),
    ...routes.map(({ match, ...route }, position) => ({
      entity: 'route' as const,
      id: route.id,
      body: RouteBody.parse({ contacts: [], position, ...route, match: { ...everything, ...match } }),
    })),
    ...rotas.map((body) => ({ entity: 'rota' as const, id: body.id, body })),
    ...escalations.map((body) => ({ entity: 'escalation' as const, id: body.id, body })),
    ...more,
  ];
}
