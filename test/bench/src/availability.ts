import { ObjectiveBody } from '@beacontower/contracts';
import { createDatabase, type Database, type FigureQuery, type LeaseKeeper, migrate, readFigure, readMembers } from '@beacontower/database';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { Accountant, createPipelineMetrics } from '@beacontower/service-pipeline';
import { FakeClock, startPostgres, type TestServer } from '@beacontower/testing';
import { DAY, FROM, fill, NOW, objectId, PROVINCES, SILENT, TO } from './availability-data.ts';
import { checkMembers, checkNational } from './availability-truth.ts';
import { type Measurement, percentile } from './measurement.ts';

/** What the issue asks for over 100,000 objects: seconds cold for the nation by province, and for one object. */
export const GOALS = { nationalS: 1, objectS: 0.05 } as const;
const SIZES = [1_000, 10_000, 100_000];
const COLD_RUNS = 3;
const WARM_RUNS = 5;
const SAMPLE = 100;

const national = ObjectiveBody.parse({
  id: 'user-access',
  name: '用户接入',
  nameEn: null,
  class: 'user-access',
  objects: null,
  division: 'cn',
  target: 0.999,
  aggregate: 'mean',
  period: 'half-year',
  calendar: 'always',
  timeZone: 'Asia/Shanghai',
});
const half: FigureQuery = { objective: national, from: FROM, to: TO, groupBy: 'division', depth: 1, scope: [''], now: NOW };
const unaligned: FigureQuery = { ...half, from: FROM + 10 * DAY + 3_723_004, to: TO - 8 * DAY - 45_296_789 };
const lately: FigureQuery = { ...half, from: NOW - 3_600_000, to: NOW };
const objectOf = (id: string): FigureQuery => ({ ...half, objective: { ...national, class: null, objects: [id] }, groupBy: 'object' });

/** A half-year over many objects with ten outages each: accounted by the real accountant, then read cold (PostgreSQL restarted) and warm. */
export async function measure(): Promise<readonly Measurement[]> {
  const results: Measurement[] = [];
  for (const size of SIZES) results.push(...(await measureSize(size, false)));
  return results;
}

/** The same of the objects of 32 nodes that report here, some of them silent, beside as many of this node's own: what it costs that they are others'. */
export async function measureFederated(): Promise<readonly Measurement[]> {
  const objects = Number(process.env.BENCH_OBJECTS ?? 100_000);
  const own = await measureSize(objects, false);
  const others = await measureSize(objects, true);
  const ratios = others.map(({ name, value }, place) =>
    figure(`${name}.ratio`, value / (own[place]?.value ?? Number.NaN), 'of what own objects take'),
  );
  return [...own, ...others, ...ratios];
}

async function measureSize(objects: number, remote: boolean): Promise<Measurement[]> {
  const server = await startPostgres();
  try {
    const { written, seconds } = await connected(server, async (db) => {
      await migrate(server.url);
      await fill(db, objects, remote);
      const accounted = await account(db);
      await db.query('VACUUM ANALYZE');
      await db.query('CHECKPOINT');
      return accounted;
    });
    const name = (what: string) => `availability${remote ? 'Federated' : ''}.${what}.${objects}`;
    const measured: Measurement[] = [figure(name('objectDaysAccountedPerSecond'), written / seconds, 'object days/s')];
    const queries: [string, FigureQuery, number | null][] = [
      ['national', half, GOALS.nationalS],
      ['unaligned', unaligned, null],
      ['lastHour', lately, null],
      ['object', objectOf(objectId(remote, Math.floor(objects / 3))), GOALS.objectS],
    ];
    for (const [what, query, goal] of queries) {
      const cold: number[] = [];
      for (let run = 0; run < COLD_RUNS; run++) {
        await server.start();
        cold.push(await connected(server, (db) => secondsOf(() => readFigure(db, query))));
      }
      const warm = await connected(server, async (db) => {
        const taken: number[] = [];
        for (let run = 0; run <= WARM_RUNS; run++) taken.push(await secondsOf(() => readFigure(db, query)));
        return taken.slice(1);
      });
      const said = goal === null ? 's' : `s (goal ${goal})`;
      measured.push(figure(name(`${what}.cold`), percentile(cold, 0.5), said), figure(name(`${what}.warm`), percentile(warm, 0.5), said));
    }
    await connected(server, (db) => check(db, objects, remote));
    return measured;
  } finally {
    await server.stop();
  }
}

async function account(db: Database): Promise<{ written: number; seconds: number }> {
  const metrics = createPipelineMetrics(createRegistry({}, false));
  const leases = { held: () => true } as unknown as LeaseKeeper;
  const logger = createLogger({ name: 'bench', level: 'error' });
  const accountant = new Accountant({ database: db, leases, clock: new FakeClock(NOW), logger, metrics, accountAfterMs: 3_600_000 });
  let written = 0;
  const seconds = await secondsOf(async () => {
    written = await accountant.accountDays(undefined, FROM);
  });
  return { written, seconds };
}

async function check(db: Database, objects: number, remote: boolean): Promise<void> {
  await checkNational(db, await readFigure(db, half), objects);
  // What is said of silent nodes ends before the last hour.
  const numbers = Array.from({ length: SAMPLE }, (_, n) => Math.floor((n * objects) / SAMPLE)).filter(
    (o) => !remote || o % PROVINCES >= SILENT,
  );
  const sample = numbers.map((o) => objectId(remote, o));
  for (const query of [half, unaligned, lately]) {
    const members = await readMembers(db, { ...query, objective: { ...national, class: null, objects: sample } });
    if (members.length !== sample.length) throw new Error(`${members.length} members of ${sample.length}`);
    await checkMembers(db, members, query.from, query.to);
    // Of all at once the rows are summed in other ways.
    const asked = new Set(sample);
    const all = await readMembers(db, query);
    await checkMembers(
      db,
      all.filter(({ member }) => asked.has(member.id)),
      query.from,
      query.to,
    );
  }
}

async function connected<T>(server: TestServer, work: (db: Database) => Promise<T>): Promise<T> {
  const db = createDatabase({ url: server.url, applicationName: 'bench' });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function figure(name: string, value: number, unit: string): Measurement {
  return { name, value, unit, peer: null, peerValue: null };
}
