/** Budgets that burn open early warnings, which get worse, hold and end: against a real PostgreSQL, with a clock that is set. */
import { EarlyWarning, type ObjectBody, type ObjectiveBody } from '@beacontower/contracts';
import { acquireLeases, type Database, FencedOut, type Lease, recordTransitions, releaseLeases } from '@beacontower/database';
import { DEFAULT_ICMP_POLICY, exactEdge, type State } from '@beacontower/domain';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { FakeClock, startDatabase, type TestDatabase, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWarnings } from './index.ts';
import { createWarningMetrics } from './metrics.ts';
import { WARNINGS_LEASE, WarningWatcher } from './watcher.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 2, 10, 12);

let server: TestDatabase;
let database: Database;
let clock: FakeClock;
let lease: Lease;
let number = 0;

beforeAll(async () => {
  server = await startDatabase();
  ({ database } = server);
  await database.query("INSERT INTO node_identity (node, incarnation, partitions, created_at) VALUES ('bj', gen_random_uuid(), 1, $1)", [
    START,
  ]);
  await entity('node', { id: 'bj', name: '国家中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  lease = (await acquireLeases(database, [WARNINGS_LEASE], 'test', 600_000))[0] as Lease;
});
afterAll(async () => {
  await server?.stop();
});
beforeEach(() => {
  clock = new FakeClock(START);
  number += 1;
});
afterEach(async () => {
  await database.query("DELETE FROM inventory WHERE entity = 'objective'");
});

/** Everything has been judged up to a moment, and the watcher looks at it. */
async function look(at: number): Promise<void> {
  clock.advance(at - clock.now());
  await database.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, $1)
     ON CONFLICT (partition) DO UPDATE SET watermark = excluded.watermark`,
    [at],
  );
  const logger = createLogger({ name: 'test', level: 'silent' });
  const metrics = createWarningMetrics(createRegistry({}, false));
  const fault = () => metrics.failures.inc();
  await new WarningWatcher({ everyMs: 60_000 }, { database, clock, logger, metrics }).pass({ lease, fault });
}
const entity = (kind: string, body: Readonly<Record<string, unknown>> & { readonly id: string }) =>
  database.query(
    "INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ($1, $2, 'file', $3, $4, $4, 'test')",
    [kind, body.id, JSON.stringify(body), Date.UTC(2026, 0, 1)],
  );
const change = (from: State, to: State, at: number) =>
  database.transaction((tx) =>
    recordTransitions(
      tx,
      [
        {
          objectId: `bj:o${number}`,
          check: null,
          transition: { from, to, edge: exactEdge(at), reason: 'replied', decidedAt: at },
          resolutionMs: 20_000,
          epoch: 1,
          told: true,
        },
      ],
      at,
    ),
  );
const incidents = async () =>
  (
    await database.query<{ id: string; state: string; severity: string; kinds: string[]; [column: string]: unknown }>(
      `SELECT id, state, severity, kind, cause_object, division, class, party, title,
       ARRAY(SELECT e.kind FROM incident_events e WHERE e.incident_id = n.id ORDER BY e.id) AS kinds
     FROM incidents n WHERE objective = $1 ORDER BY number`,
      [`o${number}`],
    )
  ).rows;
const RULES: ObjectiveBody['warnings'] = [
  { severity: 'minor', longMs: 6 * HOUR, shortMs: 30 * MINUTE, rate: 6 },
  { severity: 'critical', longMs: HOUR, shortMs: 5 * MINUTE, rate: 100 },
];

async function watch(warnings: ObjectiveBody['warnings'], over: Partial<ObjectiveBody> = {}): Promise<void> {
  const id = `bj:o${number}`;
  const object: ObjectBody = {
    ...{ id, kind: 'circuit', name: id, division: 'cn', class: 'backbone', party: 'noc', servingRule: 'any', weight: 1, runbook: null },
    ...{ dependency: { parents: [], rule: { require: 'any' } }, attributes: {} },
    checks: [{ id: `${id}/icmp4`, objectId: id, kind: 'icmp', family: 4, address: '127.0.0.1', zone: 'z', policy: DEFAULT_ICMP_POLICY }],
  };
  const objective: ObjectiveBody = {
    ...{ id: `o${number}`, name: '骨干网', nameEn: 'Backbone', class: null, objects: [id], where: null, division: 'cn', target: 0.999 },
    ...{ aggregate: 'mean', period: 'month', rollingDays: null, calendar: 'always', timeZone: 'Asia/Shanghai', basis: 'experienced' },
    ...{ closeAfterMs: null, warnings },
    ...over,
  };
  await entity('object', object);
  await entity('objective', objective);
}

const warning = async (kind: string): Promise<EarlyWarning> => {
  const { rows } = await database.query<{ warning: unknown }>(
    `SELECT e.detail -> 'warning' AS warning FROM incident_events e JOIN incidents n ON n.id = e.incident_id
     WHERE n.objective = $1 AND e.kind = $2 ORDER BY e.id DESC LIMIT 1`,
    [`o${number}`, kind],
  );
  return EarlyWarning.parse(rows[0]?.warning);
};

describe('early warnings', () => {
  it('are opened once, get worse, hold while it comes and goes, and end when nothing burns any more', async () => {
    await watch(RULES);
    await change('unknown', 'up', START - 24 * HOUR);
    await look(START);
    expect(await incidents()).toEqual([]);
    // Three minutes of half an hour, and of six hours: 100 and 8 times what is allowed.
    await change('up', 'down', START);
    await look(START + 3 * MINUTE);
    await look(START + 4 * MINUTE);
    expect(await incidents()).toMatchObject([
      {
        state: 'open',
        severity: 'minor',
        kind: 'early-warning',
        cause_object: `objective/o${number}`,
        division: 'cn',
        class: 'other',
        party: null,
      },
    ]);
    expect((await incidents())[0]).toMatchObject({ title: '可用率目标 骨干网 误差预算消耗过快', kinds: ['opened'] });
    const opened = await warning('opened');
    expect(opened).toMatchObject({ objective: `o${number}`, target: 0.999, forecast: 'forecast' });
    expect(opened.firing).toMatchObject([{ severity: 'minor', limit: 6 }]);
    expect(opened.firing[0]?.longRate).toBeCloseTo(3 / 360 / 0.001, 6);
    expect(opened.leftMs).toBeCloseTo(opened.budgetMs - 3 * MINUTE, 3);
    expect(opened.exhaustedAt).toBeGreaterThan(START);
    await look(START + 7 * MINUTE);
    expect((await incidents())[0]).toMatchObject({ severity: 'critical', kinds: ['opened', 'escalated'] });
    await change('down', 'up', START + 10 * MINUTE);
    // The short window of the fast rule is clean, that of the slow one is not: it goes on, as bad as it was.
    await look(START + 20 * MINUTE);
    // Nothing fires after forty minutes; twice the short window still burns.
    await look(START + 55 * MINUTE);
    expect(await incidents()).toMatchObject([{ state: 'open', severity: 'critical', kinds: ['opened', 'escalated'] }]);
    await look(START + 71 * MINUTE);
    expect(await incidents()).toMatchObject([{ state: 'resolved', kinds: ['opened', 'escalated', 'resolved'] }]);
    expect(await warning('resolved')).toMatchObject({ firing: [] });
    const log = await database.query(
      `SELECT body ->> 'change' AS change FROM log WHERE kind = 'incident' AND body ->> 'cause' = $1 ORDER BY id`,
      [`objective/o${number}`],
    );
    expect(log.rows).toEqual([{ change: 'opened' }, { change: 'escalated' }, { change: 'resolved' }]);
    // Another outage is another warning.
    await change('up', 'down', START + 80 * MINUTE);
    await look(START + 90 * MINUTE);
    expect((await incidents()).map(({ state }) => state)).toEqual(['resolved', 'open']);
  });

  it('are not opened by what nobody observed, and not ended by it', async () => {
    await watch(RULES);
    await look(START);
    expect(await incidents()).toEqual([]);
    await change('unknown', 'up', START);
    await change('up', 'unknown', START + HOUR);
    await look(START + 3 * HOUR);
    expect(await incidents()).toEqual([]);
    await change('unknown', 'down', START + 3 * HOUR);
    await look(START + 3 * HOUR + 30 * MINUTE);
    expect(await incidents()).toMatchObject([{ state: 'open' }]);
    await change('down', 'unknown', START + 3 * HOUR + 30 * MINUTE);
    await look(START + 6 * HOUR);
    expect(await incidents()).toMatchObject([{ state: 'open' }]);
  });

  it('are not opened by a window that is shorter than what the checks can see', async () => {
    await watch([{ severity: 'critical', longMs: HOUR, shortMs: 10_000, rate: 1 }]);
    await change('unknown', 'up', START - HOUR);
    await change('up', 'down', START);
    await look(START + 30 * MINUTE);
    expect(await incidents()).toEqual([]);
  });

  it.each([
    [
      'its objective has no warnings any more',
      'unwatched',
      `UPDATE inventory SET body = jsonb_set(body, '{warnings}', '[]') WHERE entity = 'objective'`,
    ],
    ['its objective is gone', 'retired', `DELETE FROM inventory WHERE entity = 'objective'`],
  ])('end when %s', async (_, reason, sql) => {
    await watch(RULES);
    await change('unknown', 'up', START - HOUR);
    await change('up', 'down', START - 30 * MINUTE);
    await look(START);
    expect(await incidents()).toMatchObject([{ state: 'open' }]);
    await database.query(sql);
    await look(START + MINUTE);
    expect(await incidents()).toMatchObject([{ state: 'resolved' }]);
    const { rows } = await database.query(
      `SELECT e.detail ->> 'reason' AS reason FROM incident_events e JOIN incidents n ON n.id = e.incident_id WHERE n.objective = $1 AND e.kind = 'resolved'`,
      [`o${number}`],
    );
    expect(rows).toEqual([{ reason }]);
  });

  it('of one objective are looked at though another cannot be', async () => {
    await watch(RULES);
    await entity('objective', { ...(await objectiveOf(`o${number}`)), id: 'a-first', calendar: 'gone' });
    await change('unknown', 'up', START - HOUR);
    await change('up', 'down', START - 30 * MINUTE);
    await look(START);
    expect(await incidents()).toMatchObject([{ state: 'open' }]);
  });

  it('are left to who has the lease', async () => {
    await watch(RULES);
    await change('unknown', 'up', START - HOUR);
    await change('up', 'down', START - 30 * MINUTE);
    const mine = lease;
    await database.query('UPDATE leases SET epoch = epoch + 1 WHERE name = $1', [WARNINGS_LEASE]);
    await expect(look(START)).rejects.toBeInstanceOf(FencedOut);
    expect(await incidents()).toEqual([]);
    await database.query('UPDATE leases SET epoch = $2 WHERE name = $1', [WARNINGS_LEASE, mine.epoch]);
  });
});

describe('the watcher', () => {
  it('takes the lease when it is free, and looks by itself', async () => {
    await watch(RULES);
    await change('unknown', 'up', START - HOUR);
    await change('up', 'down', START - 30 * MINUTE);
    const logger = createLogger({ name: 'test', level: 'silent' });
    const parts = createWarnings(
      { instance: 'test/report', everyMs: 50 },
      { database, clock, logger, registry: createRegistry({}, false) },
    );
    for (const part of parts) await part.start();
    try {
      await releaseLeases(database, [lease]);
      await waitFor(async () => (await incidents()).length === 1, { what: 'the early warning', timeoutMs: 20_000 });
    } finally {
      for (const part of [...parts].reverse()) await part.stop();
    }
  });
});

async function objectiveOf(id: string): Promise<Record<string, unknown>> {
  const { rows } = await database.query<{ body: Record<string, unknown> }>(
    "SELECT body FROM inventory WHERE entity = 'objective' AND id = $1",
    [id],
  );
  return rows[0]?.body ?? {};
}
