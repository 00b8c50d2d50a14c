import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@beacontower/runtime';
import { FakeClock } from '@beacontower/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batch, icmpSeries, interfaceSeries } from '../contract.fixture.ts';
import { DEFAULT_RETENTION, type TimeSeriesStore } from '../port.ts';
import { DAY, HOUR, MINUTE } from '../resolution.ts';
import { createDuckDbStore } from './store.ts';

const LAST_OF_NOVEMBER = Date.UTC(2026, 10, 30);

describe('the files of a DuckDB store', () => {
  let directory: string;
  let store: TimeSeriesStore;
  let clock: FakeClock;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'bt-samples-'));
    clock = new FakeClock(LAST_OF_NOVEMBER + 2 * DAY - HOUR);
    store = createDuckDbStore({ directory, threads: 1 }, { logger: createLogger({ name: 'test', level: 'silent' }), clock });
    await store.open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const names = () => readdirSync(directory).filter((name) => name.endsWith('.duckdb'));
  const ask = async (step: number) => {
    const period = { from: LAST_OF_NOVEMBER, to: LAST_OF_NOVEMBER + 2 * DAY };
    const { source, points } = await store.series({ check: 7, metric: 'traffic.in', ...period, step });
    return { source, points: points.length };
  };

  it('are by day and by month, and go when their time is over', async () => {
    await store.write(batch(interfaceSeries(7, LAST_OF_NOVEMBER, 2_880), icmpSeries(8, LAST_OF_NOVEMBER, 2_880)));
    await at(LAST_OF_NOVEMBER + 2 * DAY + HOUR);
    expect(names()).toEqual([
      'five-minutes-2026-11.duckdb',
      'five-minutes-2026-12.duckdb',
      'hours-2026-11.duckdb',
      'hours-2026-12.duckdb',
      'samples-2026-11-30.duckdb',
      'samples-2026-12-01.duckdb',
    ]);
    expect(await ask(5 * MINUTE)).toEqual({ source: '5m', points: 576 });
    await at(LAST_OF_NOVEMBER + DAY + DEFAULT_RETENTION.rawMs + HOUR);
    expect(names().filter((name) => name.startsWith('samples'))).toEqual(['samples-2026-12-01.duckdb']);
    await at(LAST_OF_NOVEMBER + 2 * DAY + DEFAULT_RETENTION.fiveMinutesMs);
    expect(names()).toEqual(['five-minutes-2026-12.duckdb', 'hours-2026-11.duckdb', 'hours-2026-12.duckdb']);
    await at(LAST_OF_NOVEMBER + 40 * DAY + DEFAULT_RETENTION.fiveMinutesMs);
    expect(names()).toEqual(['hours-2026-11.duckdb', 'hours-2026-12.duckdb']);
    expect(await ask(MINUTE)).toEqual({ source: '1h', points: 48 });
    await at(LAST_OF_NOVEMBER + 40 * DAY + DEFAULT_RETENTION.hourMs);
    expect(names()).toEqual([]);
  });

  it('answer while they are written and kept up', async () => {
    let over = false;
    const asking = (async () => {
      let asked = 0;
      for (; !over; asked++) await ask(asked % 2 === 0 ? MINUTE : HOUR);
      return asked;
    })();
    for (let hour = 0; hour < 46; hour++) {
      const rows = batch(interfaceSeries(7, LAST_OF_NOVEMBER + hour * HOUR, 60), icmpSeries(8, LAST_OF_NOVEMBER + hour * HOUR, 60));
      await Promise.all([store.write(rows), store.maintain(LAST_OF_NOVEMBER + (hour + 1) * HOUR)]);
    }
    over = true;
    expect(await asking).toBeGreaterThan(0);
    expect(await ask(MINUTE)).toEqual({ source: 'raw', points: 46 * 60 });
  });

  /** Lets time pass, and the store do what is then due. */
  async function at(now: number): Promise<void> {
    clock.advance(now - clock.now());
    for (let i = 0; i < 5; i++) await store.maintain(now);
  }
});
