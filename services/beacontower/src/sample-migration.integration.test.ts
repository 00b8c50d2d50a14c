/** `samples migrate` of a node that does not run: begun in parts, broken off, and with what is kept where. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, SystemClock } from '@beacontower/runtime';
import { programsPresent, startInfluxd, type TestServer } from '@beacontower/testing';
import { createDuckDbStore, DEFAULT_RETENTION, makeIcmpRows, makeInterfaceRows } from '@beacontower/timeseries';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from './test-node.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const dependencies = { logger: createLogger({ name: 'test', level: 'silent' }), clock: new SystemClock() };
const retention = { ...DEFAULT_RETENTION, rawMs: 60 * DAY };

describe.runIf(programsPresent('influxd'))('samples migrate', { timeout: 120_000 }, () => {
  let influx: TestServer;
  let data: string;
  let databases = 0;
  let to = '';
  const start = Math.floor(Date.now() / HOUR) * HOUR - 30 * HOUR;

  beforeAll(async () => {
    influx = await startInfluxd();
  });
  afterAll(() => influx?.stop());
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'bt-migrate-'));
    to = `influxdb://${new URL(influx.url).host}/m${++databases}`;
  });
  afterEach(() => rmSync(data, { recursive: true, force: true }));

  /** One row of ICMP at each moment. */
  async function store(moments: readonly number[]): Promise<void> {
    const duckdb = createDuckDbStore({ directory: join(data, 'samples'), threads: 1, retention }, dependencies);
    await duckdb.open();
    const icmp = makeIcmpRows(moments.length);
    icmp.at.set(moments);
    icmp.check.fill(7);
    icmp.sent.fill(3);
    await duckdb.write({ interfaces: makeInterfaceRows(0), icmp, offsets: new Map() });
    await duckdb.close();
  }
  const hours = (from: number, count: number) => Array.from({ length: count }, (_, i) => start + (from + i) * HOUR + 1_000);
  /** Neither PostgreSQL nor Redis answers: the node does not run. */
  const nobody = { BEACONTOWER_DATABASE_URL: 'postgres://127.0.0.1:1/x', BEACONTOWER_REDIS_URL: 'redis://127.0.0.1:1' };
  const moveWith = (env: Record<string, string>, ...more: string[]) =>
    runCommand(['samples', 'migrate', '--to', to, '--data', data, ...more], { ...nobody, ...env });
  const move = (...more: string[]) => moveWith({}, ...more);
  const time = (at: number) => new Date(at).toISOString();
  async function there(): Promise<number> {
    const query = encodeURIComponent('SELECT count("sent") FROM "icmp"');
    const answer = await fetch(`${influx.url}/query?db=m${databases}&q=${query}`);
    const { results } = (await answer.json()) as { results: { series?: { values: number[][] }[] }[] };
    return results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
  }

  it('does not take for done what lies before a part that was asked for', async () => {
    await store(hours(0, 20));
    expect((await move('--from', time(start + 10 * HOUR), '--to-time', time(start + 12 * HOUR))).out).toContain(', 2 of ICMP');
    const rest = await move();
    expect(rest).toMatchObject({ code: 0, err: '' });
    expect(rest.out).toContain(', 20 of ICMP');
    expect(await there()).toBe(20);
  });

  it('takes with it what came to the store after the last time, though it is older', async () => {
    await store(hours(0, 10));
    expect((await move('--to-time', time(start + 10 * HOUR))).code).toBe(0);
    await store([start + 10 * HOUR - 60_000, ...hours(10, 10)]);
    const again = await move();
    expect(again.out).toContain(`going on at ${time(start + 9 * HOUR)}`);
    expect(await there()).toBe(21);
  });

  it('brings what the node keeps, and says what was left out', async () => {
    await store([Date.now() - 20 * DAY, ...hours(0, 3)]);
    const short = await move();
    expect(short.out).toContain('1 of these are older than is kept there');
    expect(await there()).toBe(3);
    const whole = await moveWith({ BEACONTOWER_SAMPLES_RETENTION: '60d,180d,365d' }, '--from', time(Date.now() - 30 * DAY));
    expect(whole.err).toBe('');
    expect(whole.out).not.toContain('left out');
    expect(await there()).toBe(4);
  });
});
