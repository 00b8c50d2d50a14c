/** Days are what a figure of each day alone says, whether they are accounted or not, of members that change as well. */
import { ObjectiveBody, type WireObject } from '@beacontower/contracts';
import type { State } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountObjects, ensureScheme, markAccounted, monthsOf, readCalendar, readJudged, readUnaccounted } from '../accounting/index.ts';
import { applyToldTransitions, applyToldVersions } from '../federation/index.ts';
import type { Database } from '../pool.ts';
import { readDays } from './days.ts';
import { readFigure } from './figure.ts';

const ZONE = 'Asia/Shanghai';
const [HOUR, DAY] = [3_600_000, 86_400_000];
const FROM = Date.parse('2026-03-31T16:00:00Z');
const TO = FROM + 20 * DAY;
const NOW = TO + 60_000;

let server: TestDatabase;
let db: Database;

/** Versions of objects: each from a day on. */
const VERSIONS: readonly [local: string, day: number, more: Partial<WireObject>][] = [
  ['steady', -1, { weight: 3 }],
  ['heavier', -1, { weight: 2 }],
  ['heavier', 8.5, { weight: 7 }],
  ['moved', -1, {}],
  ['moved', 12, { division: 'cn.gx' }],
  ['other-class', -1, { class: 'backbone' }],
  ['other-class', 5, { class: 'user-access' }],
  ['renamed', -1, {}],
  ['renamed', 6, { name: '新名' }],
  ['came', 9.25, {}],
];

const objective = (over: Partial<ObjectiveBody>): ObjectiveBody =>
  ObjectiveBody.parse({
    ...{ id: 'o', name: 'O', nameEn: null, class: 'user-access', objects: null, division: 'cn.gd', target: 0.99, aggregate: 'mean' },
    ...{ period: 'month', calendar: 'always', timeZone: ZONE, ...over },
  });

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
  await db.query(
    `INSERT INTO federation_nodes (node, name, division, time_zone, enrolled_at, observed_pinged, observed_all, observed_composed) VALUES ('gd', '广东', 'cn', $1, 0, $2, $2, $2)`,
    [ZONE, TO],
  );
  await db.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)`,
    [TO],
  );
  await db.transaction(async (tx) => {
    const told = VERSIONS.map(([local, day, more]) => ({
      validFrom: FROM + day * DAY,
      validTo: null,
      object: wireObject(`gd:${local}`, more),
    }));
    await applyToldVersions(tx, told, { node: 'gd', now: FROM });
    const objects = [...new Set(VERSIONS.map(([local]) => local))];
    const changes = objects.flatMap((local, place) => [
      change(local, 'unknown', 'up', FROM - DAY / 2),
      ...Array.from({ length: 6 }, (_, index) => FROM + (index * 3 + 1) * DAY + place * HOUR).flatMap((at) => [
        change(local, 'up', 'down', at),
        change(local, 'down', 'up', at + (place + 1) * HOUR),
      ]),
    ]);
    await applyToldTransitions(tx, changes, { mode: 'live', keptUntil: null, now: FROM });
  });
});
afterAll(() => server.stop());

function wireObject(id: string, more: Partial<WireObject>): WireObject {
  return {
    ...{ id, kind: 'access-line', name: id, nameEn: null, division: 'cn.gd', class: 'user-access', party: null, weight: 1, parents: [] },
    ...{ rule: { require: 'any' }, quiet: false, combines: null, checks: [], attributes: {}, ...more },
  };
}

const change = (local: string, from: State, to: State, at: number) => ({
  ...{ object: `gd:${local}`, check: null, resolutionMs: 20_000, from, to, at, earliest: at, latest: at, decidedAt: at },
  reason: to === 'down' ? ('no-reply' as const) : ('replied' as const),
});

async function account(): Promise<void> {
  const judged = await readJudged(db, NOW);
  const scheme = await ensureScheme(db, ZONE, 'always');
  for (const month of monthsOf({ from: FROM, to: TO }, ZONE, await readCalendar(db, 'always'))) {
    const ids = await readUnaccounted(db, scheme, month, TO, judged);
    expect((await accountObjects(db, scheme, month, ids, { until: TO, judged, now: NOW })).state).toBe('done');
  }
  await markAccounted(db, scheme, TO);
}

const OBJECTIVES = [objective({ aggregate: 'user-weighted' }), objective({}), objective({ class: null, aggregate: 'time-weighted' })];

/** Of each day: who is a member, the time down, and the mean to nine digits. */
async function daysOf(each: ObjectiveBody): Promise<unknown[]> {
  const { days } = await readDays(db, { objective: each, from: FROM, to: TO, scope: [''], now: NOW });
  return days.map(({ day, members, result }) => [day, members, result.account.downMs, result.availability?.toFixed(9)]);
}

async function oneByOne(each: ObjectiveBody): Promise<unknown[]> {
  const { days } = await readDays(db, { objective: each, from: FROM, to: TO, scope: [''], now: NOW });
  return Promise.all(
    days.map(async ({ day, from, to }) => {
      const { whole } = await readFigure(db, { objective: each, from, to, scope: [''], now: NOW });
      return [day, whole.members, whole.experienced.account.downMs, whole.experienced.availability?.toFixed(9)];
    }),
  );
}

describe('the days of a period in which members moved, came, and weigh otherwise', () => {
  const before: unknown[][] = [];

  test('are those of each day alone before anything is accounted', async () => {
    for (const each of OBJECTIVES) {
      const days = await daysOf(each);
      expect(days).toHaveLength(20);
      expect(days).toEqual(await oneByOne(each));
      before.push(days);
    }
    expect(before[0]?.map((day) => (day as unknown[])[1])).toEqual([
      ...Array(5).fill(4),
      ...Array(4).fill(5),
      ...Array(3).fill(6),
      ...Array(8).fill(5),
    ]);
  });

  test('and the same after', async () => {
    await account();
    for (const [place, each] of OBJECTIVES.entries()) {
      expect(await daysOf(each)).toEqual(before[place]);
      expect(await oneByOne(each)).toEqual(before[place]);
    }
  });
});
