/** Two provinces whose every row bears a mark, for the test of who sees what. */
import { randomUUID } from 'node:crypto';
import type { RoleName } from '@beacontower/contracts';
import { insertAccount, recordTransitions } from '@beacontower/database';
import { exactEdge, type State } from '@beacontower/domain';
import type { App } from './context.ts';
import { bearer, type Harness, insertEntity, NOW, objectBody, setState } from './test-harness.ts';
import { putToken } from './token.fixture.ts';

const HOUR = 3_600_000;
export const FROM = Date.parse('2026-02-01T00:00:00+08:00');
export const TO = Date.parse('2026-03-01T00:00:00+08:00');
const at = (ms: number) => new Date(ms).toISOString();

/** What a province has, each under its address's last word. */
export interface Province {
  readonly division: string;
  /** Stands in every row of the province, and in none of another's. */
  readonly mark: string;
  readonly ids: Readonly<Record<string, string>>;
}

/** Puts a province's rows into every table that the API reads of. */
export async function seedProvince(harness: Harness, app: App, division: string, mark: string): Promise<Province> {
  const object = `bj:${mark}`;
  await seedRecord(harness, object, division, mark);
  const { incident, delivery } = await seedIncident(harness, object, division, mark);
  const make = async (url: string, payload: object) => {
    const answer = await app.inject({ method: 'POST', url: `/api/v1/${url}`, headers: bearer(), payload });
    if (answer.statusCode !== 201 && answer.statusCode !== 202) throw new Error(`${url}: ${answer.body}`);
    return (answer.json() as { id: string }).id;
  };
  const plan = { objects: [object], divisions: [], startsAt: at(NOW + HOUR), endsAt: at(NOW + 2 * HOUR) };
  const past = { objects: [object], divisions: [], startsAt: at(FROM), endsAt: at(FROM + HOUR) };
  const account = randomUUID();
  const rights = { roles: ['viewer' as const], divisions: [division] };
  await insertAccount(harness.database, { id: account, name: mark, displayName: mark, ...rights }, { actor: 'test', now: NOW });
  const session = await seedSession(harness, account, mark);
  await seedNode(harness, division, mark);
  const { invitation, request } = await seedRequest(harness, division, mark);
  return {
    division,
    mark,
    ids: {
      objects: object,
      objectives: mark,
      incidents: incident,
      deliveries: delivery,
      maintenance: await make('maintenance', { ...plan, title: mark }),
      silences: await make('silences', { ...plan, reason: mark }),
      reclassifications: await make('reclassifications', { ...past, effect: 'exclude', reason: mark }),
      periods: await make('periods', { objective: mark, period: '2026-02', reason: mark }),
      reports: await make('reports', { period: '2026-02', division, objectives: [mark] }),
      tokens: await make('tokens', { name: `token of ${mark}`, roles: ['viewer'], divisions: [division] }),
      accounts: account,
      sessions: session,
      nodes: mark,
      'federation/nodes': mark,
      'federation/invitations': invitation,
      'federation/requests': request,
    },
  };
}

async function seedRecord({ database }: Harness, object: string, division: string, mark: string): Promise<void> {
  await insertEntity(database, 'division', { id: division, name: mark, nameEn: null, code: division === 'cn.gd' ? '440000' : '450000' });
  await insertEntity(
    database,
    'object',
    objectBody(object, division, { name: mark, attributes: { note: mark }, runbook: `https://w/${mark}` }),
  );
  await insertEntity(database, 'objective', objectiveBody(mark, division, [object]));
  await setState(database, object, null, 'down', FROM + HOUR);
  const changes: [State, State, number][] = [
    ['unknown', 'up', FROM],
    ['up', 'down', FROM + HOUR],
    ['down', 'up', FROM + 2 * HOUR],
  ];
  const items = changes.map(([from, to, when]) => ({
    objectId: object,
    check: null,
    transition: { from, to, edge: exactEdge(when), reason: 'no-reply' as const, decidedAt: when },
    resolutionMs: 20_000,
    epoch: 1,
    told: false,
  }));
  await database.transaction((tx) => recordTransitions(tx, items, TO));
}

/** An objective over some objects, or over all of a division. */
export function objectiveBody(id: string, division: string, objects: readonly string[] | null) {
  return {
    ...{ id, name: id, nameEn: null, class: null, objects, where: null, division, target: 0.999, aggregate: 'mean' as const },
    ...{ period: 'month' as const, rollingDays: null, calendar: 'always' as const, timeZone: 'Asia/Shanghai' },
    ...{ basis: 'experienced' as const, closeAfterMs: null, warnings: [] },
  } as never;
}

async function seedIncident({ database }: Harness, object: string, division: string, mark: string) {
  const [incident, delivery] = [randomUUID(), randomUUID()];
  await database.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at)
     VALUES ($1, 'open', 'major', $2, $3, 'carrier', 'backbone', $4, $5, $5, $5, $5)`,
    [incident, object, division, mark, FROM + HOUR],
  );
  await database.query("INSERT INTO incident_members VALUES ($1, $2, 'cause', $3, NULL)", [incident, object, FROM + HOUR]);
  await database.query(
    `INSERT INTO deliveries (id, incident_id, step, contact, channel, target_channel, language, payload, state, attempt, created_at, due_at, decided_at, last_error)
     VALUES ($1, $2, 'opened', $3, 'hook', 'hook', 'zh', '{}', 'dead', 2, $4, $4, $4, $3)`,
    [delivery, incident, mark, NOW],
  );
  return { incident, delivery };
}

async function seedRequest({ database }: Harness, division: string, mark: string) {
  const [invitation, used, request] = [randomUUID(), randomUUID(), randomUUID()];
  for (const id of [invitation, used]) {
    await database.query(
      `INSERT INTO federation_invitations (id, node, division, name, secret_hash, created_at, created_by, expires_at, used_at)
       VALUES ($1, $2, $3, $2, $7, $4, 'test', $5, $6)`,
      [id, mark, division, NOW, NOW + HOUR, id === used ? NOW : null, Buffer.from(id)],
    );
  }
  await database.query(
    `INSERT INTO federation_enrolments (id, invitation, node, division, name, software, request, key_fingerprint, source, state, requested_at)
     VALUES ($1, $2, $3, $4, $3, 'x 1', '', $5, '127.0.0.1', 'waiting', $6)`,
    [request, used, mark, division, 'f'.repeat(64), NOW],
  );
  return { invitation, request };
}

async function seedNode({ database }: Harness, division: string, mark: string): Promise<void> {
  await database.query(
    `INSERT INTO federation_nodes (node, name, division, time_zone, enrolled_at) VALUES ($1, $1, $2, 'Asia/Shanghai', $3)`,
    [mark, division, NOW],
  );
}

async function seedSession({ database }: Harness, account: string, mark: string): Promise<string> {
  const id = randomUUID();
  await database.query(
    `INSERT INTO sessions (id, account_id, hash, csrf, stage, method, agent, created_at, seen_at, expires_at)
     VALUES ($1, $2, decode(md5($3), 'hex'), 'x', 'full', 'password', $3, $4, $4, $5)`,
    [id, account, mark, NOW, NOW + HOUR],
  );
  return id;
}

/** A token of each role for each of some divisions: `viewer cn.gd`. */
export async function putCallers(
  { database }: Harness,
  roles: readonly RoleName[],
  divisions: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const callers = new Map<string, string>();
  for (const role of roles) {
    for (const division of divisions) {
      const name = `${role} ${division}`;
      callers.set(name, await putToken(database, name, [role], [division]));
    }
  }
  return callers;
}
