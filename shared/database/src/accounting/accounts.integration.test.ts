import { loadConfiguration } from '@beacontower/contracts';
import { accountFor, edgeBetween, exactEdge, type State, wholeDays } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyInventory } from '../inventory/index.ts';
import type { Database } from '../pool.ts';
import { recordTransitions } from '../record/transitions.ts';
import { readAccounts } from './accounts.ts';
import { readUnaccounted, writeDailyAccounts } from './days.ts';
import { readJudged, readTimelineInputs } from './inputs.ts';

const ZONE = 'Asia/Shanghai';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Midnight in Shanghai. */
const START = Date.parse('2026-03-31T16:00:00Z');
const END = START + 10 * DAY;

let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  await db.query(
    'TRUNCATE node_identity, inventory, checks, log, audit, transitions, current_states, daily_accounting, partition_states, maintenance RESTART IDENTITY',
  );
  await db.query('UPDATE inventory_version SET version = 0, applied_at = 0');
  const yaml = `
node: {id: gd, name: 广东, division: cn.gd, partitions: 1}
zones: [{id: z, anchors: [192.0.2.254]}]
devices:
  - {id: a, name: A, addresses: {ipv4: 192.0.2.1}}
  - {id: b, name: B, addresses: {ipv4: 192.0.2.2}}
`;
  const { configuration } = loadConfiguration([{ name: 'a.yaml', bytes: new TextEncoder().encode(yaml) }]);
  if (configuration === null) throw new Error('the configuration of this test is faulty');
  await applyInventory(db, { entities: configuration.entities, origin: 'file', partitions: 1 }, { now: START, by: 'test', source: 'test' });
  await judgedUntil(END);
});

async function judgedUntil(watermark: number): Promise<void> {
  await db.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)
     ON CONFLICT (partition) DO UPDATE SET watermark = excluded.watermark`,
    [watermark],
  );
}

async function record(changes: [from: State, to: State, earliest: number, latest: number][]): Promise<void> {
  const items = changes.map(([from, to, earliest, latest]) => ({
    objectId: 'gd:a',
    check: null,
    transition: {
      from,
      to,
      edge: earliest === latest ? exactEdge(earliest) : edgeBetween(earliest, latest),
      reason: 'no-reply' as const,
      decidedAt: latest,
    },
    resolutionMs: 20_000,
    epoch: 1,
    told: true,
  }));
  await db.transaction((tx) => recordTransitions(tx, items, END));
}

async function accountDays(): Promise<void> {
  const judged = await readJudged(db, END);
  for (const day of wholeDays(START, END, ZONE)) {
    const ids = await readUnaccounted(db, day, ZONE);
    const inputs = await readTimelineInputs(db, ids, day, judged);
    await writeDailyAccounts(db, day.day, ZONE, new Map([...inputs].map(([id, input]) => [id, accountFor(input)])), END);
  }
}

const read = async (from = START, to = END, now = END) => {
  const result = await readAccounts(db, { objects: ['gd:a', 'gd:b', 'gd:nobody'], from, to, timeZone: ZONE, now });
  return { ...result, a: result.accounts.get('gd:a'), b: result.accounts.get('gd:b') };
};

describe('accounts', () => {
  const outage: [State, State, number, number][] = [
    ['unknown', 'up', START, START],
    // An outage over midnight, its edges known to ±5 s.
    ['up', 'down', START + DAY - 10_000, START + DAY],
    ['down', 'up', START + DAY + HOUR, START + DAY + HOUR + 10_000],
  ];

  test('the sum of stored days is what the transitions say, parts of days included', async () => {
    await record(outage);
    const ranges: [number, number][] = [
      [START, END],
      [START + 5 * HOUR, END - 7 * HOUR],
      [START + DAY - 8_000, START + 3 * DAY],
    ];
    const live = await Promise.all(ranges.map(([from, to]) => read(from, to)));
    await accountDays();
    const stored = await db.query('SELECT count(*) AS n FROM daily_accounting');
    expect(stored.rows[0]?.n).toBe(20);
    const summed = await Promise.all(ranges.map(([from, to]) => read(from, to)));
    expect(summed.map(({ a, b }) => ({ a, b }))).toEqual(live.map(({ a, b }) => ({ a, b })));
    expect(live[0]?.a).toMatchObject({ totalMs: 10 * DAY, downMs: HOUR + 10_000, downLeastMs: HOUR, downMostMs: HOUR + 20_000 });
    expect(live[0]?.accounts.has('gd:nobody')).toBe(false);
  });

  test('a transition recorded late takes away the accounts it makes untrue, and the figure is right at once', async () => {
    await record(outage);
    await accountDays();
    await record([['up', 'down', START + 5 * DAY, START + 5 * DAY]]);
    const left = await db.query("SELECT count(*) AS n FROM daily_accounting WHERE object_id = 'gd:a'");
    expect(left.rows[0]?.n).toBeLessThan(6);
    expect((await read()).a).toMatchObject({ downMs: HOUR + 10_000 + 5 * DAY });
  });

  test('a pipeline that stopped judging leaves unknown, not green', async () => {
    await record(outage);
    await judgedUntil(START + 9 * DAY);
    const { a, to, asOf } = await read();
    expect(asOf).toBe(END - 120_000);
    expect(to).toBe(asOf);
    expect(a?.unknownMs).toBe(DAY - 120_000);
  });

  test('only maintenance approved before it began is excluded, up to its cancellation', async () => {
    await record(outage);
    const plan = (approvedAt: number | null, startsAt: number, cancelledAt: number | null) =>
      db.query(
        `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by, approved_at, approved_by, cancelled_at)
         VALUES (gen_random_uuid(), 't', '{}', '{cn.gd}', $2::bigint, $2::bigint + 7200000, 0, 'x', $1, 'y', $3)`,
        [approvedAt, startsAt, cancelledAt],
      );
    await plan(START + DAY - HOUR, START + DAY, START + DAY + HOUR / 2);
    await plan(null, START + 2 * DAY, null);
    await plan(START + 3 * DAY + 1, START + 3 * DAY, null);
    const { a, b } = await read();
    expect(a).toMatchObject({ excludedMs: HOUR / 2, downMs: HOUR / 2 + 10_000 });
    expect(b?.excludedMs).toBe(HOUR / 2);
  });

  test('nothing before the first commissioning, nothing in the future', async () => {
    const { a, to } = await read(START - 5 * DAY, END + 5 * DAY);
    expect(to).toBe(END);
    expect(a?.totalMs).toBe(10 * DAY);
  });
});
