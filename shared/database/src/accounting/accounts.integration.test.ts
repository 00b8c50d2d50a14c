import { loadConfiguration, ObjectiveBody } from '@beacontower/contracts';
import { edgeBetween, exactEdge, type State } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readMembers } from '../figures/index.ts';
import { applyInventory } from '../inventory/index.ts';
import type { Database } from '../pool.ts';
import { recordTransitions } from '../record/transitions.ts';
import { readCalendar } from './calendars.ts';
import { readUnaccounted } from './due.ts';
import { readJudged } from './judged.ts';
import { monthsOf } from './months.ts';
import { ensureScheme, markAccounted } from './schemes.ts';
import { accountObjects } from './write-months.ts';

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
    'TRUNCATE node_identity, inventory, checks, log, transitions, current_states, accounting_months, accounting_days, accounting_schemes, partition_states, maintenance RESTART IDENTITY',
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
  const scheme = await ensureScheme(db, ZONE, 'always');
  for (const month of monthsOf({ from: START, to: END }, ZONE, await readCalendar(db, 'always'))) {
    const ids = await readUnaccounted(db, scheme, month, END, judged);
    expect(await accountObjects(db, scheme, month, ids, { until: END, judged, now: END })).toMatchObject({ state: 'done' });
  }
  await markAccounted(db, scheme, END);
}

const objective = ObjectiveBody.parse({
  id: 'o',
  name: 'O',
  nameEn: null,
  class: null,
  objects: ['gd:a', 'gd:b', 'gd:nobody'],
  division: '',
  target: 0.99,
  aggregate: 'mean',
  period: 'month',
  calendar: 'always',
  timeZone: ZONE,
});

const read = async (from = START, to = END, now = END) => {
  const members = await readMembers(db, { objective, from, to, now, scope: [''] });
  const of = (id: string) => members.find(({ member }) => member.id === id)?.experienced;
  return { members, a: of('gd:a'), b: of('gd:b') };
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
    const stored = await db.query('SELECT count(*) AS n FROM accounting_months');
    expect(stored.rows[0]?.n).toBe(2);
    const summed = await Promise.all(ranges.map(([from, to]) => read(from, to)));
    expect(summed.map(({ a, b }) => ({ a, b }))).toEqual(live.map(({ a, b }) => ({ a, b })));
    expect(live[0]?.a).toMatchObject({ totalMs: 10 * DAY, downMs: HOUR + 10_000, downLeastMs: HOUR, downMostMs: HOUR + 20_000 });
    expect(live[0]?.members).toHaveLength(2);
  });

  test('a transition recorded late takes away the accounts it makes untrue, and the figure is right at once', async () => {
    await record(outage);
    await accountDays();
    await record([['up', 'down', START + 5 * DAY, START + 5 * DAY]]);
    const left = await db.query('SELECT k.id FROM accounting_months m JOIN object_keys k ON k.key = m.object');
    expect(left.rows).toEqual([{ id: 'gd:b' }]);
    expect((await read()).a).toMatchObject({ downMs: HOUR + 10_000 + 5 * DAY });
  });

  test('a pipeline that stopped judging leaves unknown, not green', async () => {
    await record(outage);
    await judgedUntil(START + 9 * DAY);
    const { a } = await read();
    expect(a?.totalMs).toBe(10 * DAY - 120_000);
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
    const { a } = await read(START - 5 * DAY, END + 5 * DAY);
    expect(a?.totalMs).toBe(10 * DAY);
  });
});
