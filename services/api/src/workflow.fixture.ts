/** For the tests of what people do with incidents: an API with three people, and incidents put into the record. */
import { randomUUID } from 'node:crypto';
import { ContactBody, IncidentDetail, Problem } from '@beacontower/contracts';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

/** An answer to an act: the incident afterwards, or why not. */
export interface Acted {
  readonly status: number;
  readonly incident: IncidentDetail | undefined;
  readonly code: string | undefined;
  readonly detail: string | undefined;
}

export interface WorkflowFixture {
  readonly harness: Harness;
  readonly app: App;
  /** Tokens of operators, by name. */
  readonly tokens: Readonly<Record<'li' | 'wang' | 'gd', string>>;
  /** Puts an incident there, its cause `bj:a` unless told, with symptoms; resolves to its id. */
  incident(columns?: Readonly<Record<string, unknown>>, symptoms?: readonly string[]): Promise<string>;
  act(name: string, incident: string, payload?: object, token?: string, ifMatch?: string): Promise<Acted>;
  detail(incident: string, token?: string): Promise<IncidentDetail>;
  /** Notices of an incident as they were written: step, occasion, body. */
  notices(incident: string): Promise<readonly { readonly step: string; readonly body: unknown }[]>;
}

export async function startWorkflow(): Promise<WorkflowFixture> {
  const harness = await startHarness();
  const { database, clock } = harness;
  for (const [id, division] of [
    ['bj:a', 'cn'],
    ['bj:b', 'cn.gd'],
    ['bj:c', 'cn'],
  ] as const) {
    await insertEntity(
      database,
      'object',
      objectBody(id, division, { runbook: 'https://wiki.example.cn/a', attributes: { hotline: '10000' } }),
    );
  }
  await insertEntity(database, 'party', { id: 'carrier', name: '电信', nameEn: null, tier: 'carrier' });
  const contact = {
    id: 'noc',
    name: '网络中心',
    language: 'zh',
    targets: [{ channel: 'hook', address: null }],
    accounts: ['operator of cn'],
  };
  await insertEntity(database, 'contact', ContactBody.parse(contact));
  const app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
  // Tokens are named by the harness: "operator of cn" and so on.
  const tokens = {
    li: await createToken(app, ['operator'], ['cn']),
    wang: await createToken(app, ['operator', 'viewer'], ['cn']),
    gd: await createToken(app, ['operator'], ['cn.gd']),
  };
  return {
    harness,
    app,
    tokens,
    async incident(columns = {}, symptoms = []) {
      const id = randomUUID();
      const row = {
        ...{ id, state: 'open', severity: 'major', cause_object: 'bj:a', division: 'cn', class: 'backbone', title: 'cut' },
        ...{ started_at: NOW, started_earliest: NOW, started_latest: NOW, opened_at: NOW, ...columns },
      };
      // At most one incident of a cause is under way.
      await database.query(`UPDATE incidents SET state = 'closed' WHERE cause_object = $1 AND state IN ('open', 'acknowledged')`, [
        row.cause_object,
      ]);
      const names = Object.keys(row);
      await database.query(
        `INSERT INTO incidents (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
        Object.values(row),
      );
      for (const [object, role] of [[row.cause_object, 'cause'], ...symptoms.map((symptom) => [symptom, 'symptom'])]) {
        await database.query('INSERT INTO incident_members VALUES ($1, $2, $3, $4)', [id, object, role, NOW]);
      }
      return id;
    },
    async act(name, incident, payload, token, ifMatch = '*') {
      const answer = await app.inject({
        method: 'POST',
        url: `/api/v1/incidents/${incident}/${name}`,
        headers: { ...bearer(token), 'if-match': ifMatch },
        ...(payload ? { payload } : {}),
      });
      const { statusCode: status } = answer;
      if (status === 200) return { status, incident: IncidentDetail.parse(answer.json()), code: undefined, detail: undefined };
      const { code, detail } = Problem.parse(answer.json());
      return { status, incident: undefined, code, detail };
    },
    async detail(incident, token) {
      const answer = await app.inject({ url: `/api/v1/incidents/${incident}`, headers: bearer(token) });
      return IncidentDetail.parse(answer.json());
    },
    async notices(incident) {
      const result = await database.query<{ step: string; body: unknown }>(
        `SELECT step, body FROM notices WHERE incident_id = $1 AND due_at <= $2 ORDER BY id`,
        [incident, clock.now()],
      );
      return result.rows;
    },
  };
}
