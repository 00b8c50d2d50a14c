import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@beacontower/runtime';
import { FakeClock, programsPresent, startInfluxd, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batch, icmpSeries, interfaceSeries, START } from './contract.fixture.ts';
import { same } from './contract.ts';
import { createDuckDbStore } from './duckdb/store.ts';
import { createInfluxStore } from './influx/store.ts';
import { type MigrationProgress, migrate } from './migrate.ts';
import type { TimeSeriesStore } from './port.ts';
import { DAY, HOUR, MINUTE } from './resolution.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

describe.runIf(programsPresent('influxd'))('migration', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bt-samples-'));
  const clock = new FakeClock(START + DAY);
  let server: TestServer;
  let duckdb: TimeSeriesStore;
  let influx: TimeSeriesStore;
  beforeAll(async () => {
    server = await startInfluxd();
    duckdb = createDuckDbStore({ directory, threads: 1 }, { logger, clock });
    influx = createInfluxStore({ url: server.url }, { logger, clock });
    await duckdb.open();
    await influx.open();
  });
  afterAll(async () => {
    await duckdb.close();
    await influx.close();
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  it('brings every raw row from DuckDB to InfluxDB and back, also when it was broken off and begun again', async () => {
    const rows = interfaceSeries(7, START, 600);
    rows.increments.inOctets[50] = Number.NaN;
    await duckdb.write(batch(rows, icmpSeries(8, START, 600)));
    const seen: MigrationProgress[] = [];
    const broken = migrate(duckdb, influx, { from: START, to: START + DAY }, (progress) => {
      seen.push(progress);
      if (progress.until >= START + 3 * HOUR) throw new Error('broken off');
    });
    await expect(broken).rejects.toThrow('broken off');
    const until = seen.at(-2)?.until ?? 0;
    expect(until).toBeGreaterThan(START + 2 * HOUR);
    const rest = await migrate(duckdb, influx, { from: until, to: START + DAY });
    expect(rest.until).toBe(START + DAY);
    expect(rest.interfaceRows + (seen.at(-2)?.interfaceRows ?? 0)).toBe(600);
    await alike(influx, duckdb);

    const other = createDuckDbStore({ directory: join(directory, 'back'), threads: 1 }, { logger, clock });
    await other.open();
    await migrate(influx, other, { from: START, to: START + DAY });
    await alike(other, duckdb);
    await other.close();
  });

  async function alike(one: TimeSeriesStore, other: TimeSeriesStore): Promise<void> {
    for (const metric of ['traffic.in', 'discards.out', 'utilisation.out', 'rtt', 'loss', 'jitter'] as const) {
      const question = { check: metric.includes('.') ? 7 : 8, metric, from: START, to: START + DAY, step: MINUTE };
      const answer = await one.series(question);
      expect(answer.points.length, metric).toBeGreaterThan(500);
      same(answer, await other.series(question));
    }
  }
});
