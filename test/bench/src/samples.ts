import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@beacontower/runtime';
import { FakeClock } from '@beacontower/testing';
import { createDuckDbStore, type TimeSeriesStore } from '@beacontower/timeseries';
import { type Measurement, percentile } from './measurement.ts';
import { INTERFACES, randomRound } from './samples-data.ts';
import { copyRolledDays, FIRST_CHECK } from './samples-rollups.ts';

/** What the issue asks for. */
export const GOALS = { bytesPerSample: 4, dayMs: 50, monthMs: 200 } as const;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Yesterday is whole and in order; of today there are so many hours and a half, of which the last are as they came. */
const YESTERDAY = Date.UTC(2026, 10, 28);
const HOURS_TODAY = 2;
/** HC counters a row is counted for, though it holds twelve. */
const COUNTERS = 8;
const ASKED = 100;

/** The default store with 10,000 interfaces every minute: writing, bytes on disk, and what a person waits for. */
export async function measure(): Promise<readonly Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bt-bench-samples-'));
  try {
    return await measureIn(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureIn(directory: string): Promise<readonly Measurement[]> {
  const clock = new FakeClock(YESTERDAY);
  const open = async () => {
    const made = createDuckDbStore({ directory }, { logger: createLogger({ name: 'bench', level: 'error' }), clock });
    await made.open();
    return made;
  };
  let store = await open();
  const cost = { rows: 0, writing: 0, maintaining: 0 };
  await fill(store, clock, YESTERDAY + DAY + HOURS_TODAY * HOUR + 30 * MINUTE, cost);
  await store.close();
  const bytes = statSync(join(directory, `samples-${new Date(YESTERDAY).toISOString().slice(0, 10)}.duckdb`)).size;
  await copyRolledDays(join(directory, 'hours-2026-11.duckdb'), YESTERDAY, 29);
  store = await open();
  const sealed = await ask(store, YESTERDAY, YESTERDAY + DAY, MINUTE);
  const today = await ask(store, clock.now() - DAY, clock.now(), MINUTE);
  const month = await ask(store, clock.now() - 30 * DAY, clock.now(), null);
  await store.close();
  const files = readdirSync(directory).filter((name) => name.startsWith('five-minutes'));
  const rolled = files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0) / (INTERFACES * 288);
  return [
    figure('samples.rowsPerCpuSecond', cost.rows / cost.writing, 'rows/CPU s'),
    figure('samples.rowsPerCpuSecondAllIn', cost.rows / (cost.writing + cost.maintaining), 'rows/CPU s'),
    figure('samples.bytesPerSample', bytes / (INTERFACES * 1_440 * COUNTERS), `bytes (goal ${GOALS.bytesPerSample})`),
    figure('samples.bytesPerFiveMinutesRow', rolled, 'bytes'),
    ...spread('samples.daySealed', sealed, GOALS.dayMs),
    ...spread('samples.dayOpen', today, GOALS.dayMs),
    ...spread('samples.month', month, GOALS.monthMs),
    figure('samples.rssMb', process.memoryUsage().rss / 1e6, 'MB'),
  ];
}

/** Every minute a round of all interfaces; the store's upkeep as often as it is called in the product. */
async function fill(
  store: TimeSeriesStore,
  clock: FakeClock,
  until: number,
  cost: { rows: number; writing: number; maintaining: number },
): Promise<void> {
  for (let tick = YESTERDAY; tick < until; tick += MINUTE) {
    clock.advance(tick - clock.now());
    const interfaces = randomRound(tick);
    cost.rows += interfaces.count;
    cost.writing += await cpuSeconds(() => store.write({ interfaces, icmp: NO_ICMP, offsets: new Map([[1, `${tick}-0`]]) }));
    cost.maintaining += await cpuSeconds(() => store.maintain(tick));
  }
}

const NO_ICMP = {
  count: 0,
  check: new Uint32Array(),
  at: new Float64Array(),
  sent: new Uint16Array(),
  received: new Uint16Array(),
  rttMin: new Uint32Array(),
  rttAvg: new Uint32Array(),
  rttMax: new Uint32Array(),
  jitter: new Uint32Array(),
};

/** Milliseconds of a question for one interface each, over many interfaces; the answer must hold what was written. */
async function ask(store: TimeSeriesStore, from: number, to: number, step: number | null): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < ASKED; i++) {
    const began = performance.now();
    const check = FIRST_CHECK + ((i * 7_919) % INTERFACES);
    const answer = await store.series({ check, metric: 'traffic.in', from, to, step });
    times.push(performance.now() - began);
    const expected = Math.floor((to - from) / answer.step);
    if (answer.points.length < expected - 2) throw new Error(`${answer.points.length} points of ${expected} from ${answer.source}`);
  }
  return times;
}

async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function spread(name: string, times: readonly number[], goal: number): Measurement[] {
  return [0.5, 0.95].map((p) => figure(`${name}.p${p * 100}`, percentile(times, p), `ms (goal ${goal})`));
}

const figure = (name: string, value: number, unit: string): Measurement => ({ name, value, unit, peer: null, peerValue: null });
