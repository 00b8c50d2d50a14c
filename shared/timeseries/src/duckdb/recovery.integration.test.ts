import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@beacontower/runtime';
import { FakeClock } from '@beacontower/testing';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batch, interfaceSeries, START } from '../contract.fixture.ts';
import type { TimeSeriesStore } from '../port.ts';
import { DAY, HOUR, MINUTE } from '../resolution.ts';
import { createDuckDbStore } from './store.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const FIXTURE = fileURLToPath(new URL('writer.fixture.ts', import.meta.url));
const TODAY = 'samples-2026-11-20.duckdb';

describe('a DuckDB store after a fault', () => {
  let directory: string;
  const opened: TimeSeriesStore[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bt-samples-'));
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close().catch(() => undefined);
    rmSync(directory, { recursive: true, force: true });
  });

  async function open(clock = new FakeClock(START + HOUR), where = directory): Promise<TimeSeriesStore> {
    const store = createDuckDbStore({ directory: where, threads: 1 }, { logger, clock });
    opened.push(store);
    await store.open();
    return store;
  }

  /** Starts the writer, lets it store some batches, kills it at a random moment. Resolves with the last it said was stored. */
  async function killed(batches: number, upkeep: string): Promise<number> {
    const args = ['--import', 'tsx', '--conditions=@beacontower/source', FIXTURE, directory, String(START + 20 * HOUR), upkeep];
    const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.stdout === null) throw new Error('no output');
    let last = -1;
    let seen = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'open') continue;
      last = Number(line);
      if (++seen === batches) setTimeout(() => child.kill('SIGKILL'), Math.random() * 30);
    }
    return last;
  }

  it.each(['', 'upkeep'])('loses nothing and doubles nothing when it is killed again and again (%s)', async (upkeep) => {
    let last = -1;
    for (let round = 0; round < 4; round++) {
      // Midnight lies in the first of them, the roll-up of a day in those with upkeep.
      const now = await killed(20 + round * 9, upkeep);
      expect(now).toBeGreaterThan(last);
      last = now;
    }
    const end = START + 20 * HOUR + (last + 2) * 10 * MINUTE;
    const store = await open(new FakeClock(end));
    const kept = Number((await store.offsets())?.get(3)?.split('-')[0]);
    expect(kept).toBeGreaterThanOrEqual(last);
    const times: number[] = [];
    for await (const slice of store.rows({ from: START, to: end + DAY })) times.push(...slice.interfaces.at);
    times.sort((a, b) => a - b);
    expect(times).toHaveLength((kept + 1) * 10);
    expect(new Set(times).size).toBe(times.length);
    await store.maintain(end + DAY);
    const answer = await store.series({ check: 7, metric: 'traffic.in', from: START, to: end, step: 5 * MINUTE });
    expect(answer.points).toHaveLength((kept + 1) * 2);
  });

  it('stores a batch over midnight once, whichever part a crash left out', async () => {
    const whole = batch(interfaceSeries(7, START + DAY - 5 * MINUTE, 10), undefined, [[3, '5-0']]);
    const clock = new FakeClock(START + DAY + HOUR);
    const first = await open(clock);
    await first.write(batch(interfaceSeries(7, START + DAY - 5 * MINUTE, 5)));
    await first.close();
    const store = await open(clock);
    expect(await store.offsets()).toEqual(new Map());
    await store.write(whole);
    expect(await store.offsets()).toEqual(new Map([[3, '5-0']]));
    expect((await store.series({ check: 7, metric: 'traffic.in', from: START, to: START + 2 * DAY, step: MINUTE })).points).toHaveLength(
      10,
    );
    expect(readdirSync(directory).filter((name) => /^samples-.*\.duckdb$/.test(name))).toHaveLength(2);
  });

  it.each([
    ['not a database', (file: string) => writeFileSync(file, 'this is no database')],
    ['half a database', (file: string) => truncateSync(file, 6_000)],
    ['a database of somebody else', makeForeign],
    ['damaged in the middle of its head', damage],
  ])('sets %s aside and goes on', async (_name, spoil) => {
    const clock = new FakeClock(START + DAY + HOUR);
    const before = await open(clock);
    await before.write(batch(interfaceSeries(7, START + DAY - 30 * MINUTE, 60), undefined, [[3, '5-0']]));
    await before.close();
    await spoil(join(directory, TODAY));
    const store = await open(clock);
    expect(readdirSync(directory).filter((name) => name.startsWith(`${TODAY}.unreadable-`))).toHaveLength(1);
    const ask = () => store.series({ check: 7, metric: 'traffic.in', from: START, to: START + 2 * DAY, step: MINUTE });
    expect((await ask()).points).toHaveLength(30);
    await store.write(batch(interfaceSeries(7, START + DAY - 30 * MINUTE, 60)));
    expect((await ask()).points).toHaveLength(60);
  });

  it('sets a day aside whose rows turn out to be damaged when they are read', async () => {
    const clock = new FakeClock(START + DAY + HOUR);
    const before = await open(clock);
    for (let check = 1; check <= 40; check++) await before.write(batch(interfaceSeries(check, START + 12 * HOUR, 780, Math.random)));
    await before.maintain(clock.now());
    await before.close();
    const file = join(directory, TODAY);
    const bytes = readFileSync(file);
    // Behind the three headers: every block of rows, and whatever lies between.
    for (let at = 12_288 + 4_096; at < bytes.length - 262_144; at += 262_144) bytes.fill(0x5a, at, at + 1_000);
    writeFileSync(file, bytes);
    const store = await open(clock);
    const ask = () => store.series({ check: 7, metric: 'traffic.in', from: START, to: START + 2 * DAY, step: MINUTE });
    expect((await ask()).points).toHaveLength(60);
    await store.maintain(clock.now());
    expect(readdirSync(directory).filter((name) => name.startsWith(`${TODAY}.unreadable-`))).toHaveLength(1);
    await store.write(batch(interfaceSeries(7, START + 12 * HOUR, 780)));
    expect((await ask()).points).toHaveLength(780);
  });

  it('says that another process has the files, and leaves them alone', async () => {
    const store = await open();
    await store.write(batch(interfaceSeries(7, START, 10)));
    const args = ['--import', 'tsx', '--conditions=@beacontower/source', FIXTURE, directory, String(START)];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/the sample store cannot open .*samples-2026-11-20\.duckdb: .*lock/);
    expect(readdirSync(directory)).toContain(TODAY);
  });

  it('refuses to write on a full disk, goes on answering, and writes again when there is room', async () => {
    const small = join(directory, 'small');
    mkdirSync(small);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', small]).status !== 0) {
      process.stderr.write('\n*** tmpfs cannot be mounted (not root): the test of a full disk DOES NOT RUN ***\n');
      return;
    }
    try {
      const clock = new FakeClock(START + DAY);
      const store = await open(clock, small);
      await store.write(batch(interfaceSeries(7, START, 100)));
      const ballast = openSync(join(small, 'ballast'), 'w');
      fillUp(ballast);
      const refused = await store.write(batch(interfaceSeries(8, START, 1_400))).then(
        () => null,
        (error: Error) => error.message,
      );
      expect(refused).toMatch(/no space left|could not write/i);
      closeSync(ballast);
      rmSync(join(small, 'ballast'));
      await store.write(batch(interfaceSeries(8, START, 1_400)));
      const ask = async (check: number) =>
        (await store.series({ check, metric: 'traffic.in', from: START, to: START + DAY, step: MINUTE })).points.length;
      expect([await ask(7), await ask(8)]).toEqual([100, 1_400]);
      await store.close();
    } finally {
      spawnSync('umount', ['-l', small]);
    }
  });

  it('cannot be opened where nothing may be written, and says so', async () => {
    writeFileSync(join(directory, 'file'), '');
    await expect(open(undefined, join(directory, 'file', 'below'))).rejects.toThrow(/ENOTDIR|not a directory/i);
    expect(existsSync(join(directory, 'file'))).toBe(true);
  });
});

async function makeForeign(file: string): Promise<void> {
  rmSync(file);
  const instance = await DuckDBInstance.create(file);
  await (await instance.connect()).run('CREATE TABLE theirs (a INTEGER)');
  instance.closeSync();
}

function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 0, Math.min(bytes.length, 12_288));
  writeFileSync(file, bytes);
}

function fillUp(file: number): void {
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  }
}
