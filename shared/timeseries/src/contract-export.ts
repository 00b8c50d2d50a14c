/** What every sample store exports: part of the suite that the tests of each engine run. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batch, icmpSeries, interfaceSeries, START } from './contract.fixture.ts';
import type { TimeSeriesStore } from './port.ts';
import { HOUR } from './resolution.ts';

const ORDER = { from: START, to: START + HOUR, checks: null } as const;

/** Exports of `store`, an open and empty one before each test. */
export function describeExport(store: () => TimeSeriesStore): void {
  describe('exports raw rows', () => {
    let directory: string;
    const file = (name: string) => join(directory, name);
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'bt-export-'));
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    it('to Parquet, with what is not known left out', async () => {
      const rows = interfaceSeries(7, START, 20);
      rows.increments.inErrors[4] = Number.NaN;
      await store().write(batch(rows));
      const parquet = file('interfaces.parquet');
      const made = await store().export({ ...ORDER, samples: 'interfaces', format: 'parquet', file: parquet });
      expect(made).toEqual({ rows: 20, bytes: readFileSync(parquet).length });
      const sums = 'count(*)::INTEGER, count(inErrors)::INTEGER, sum(inOctets)::DOUBLE, min(epoch_ms(time))::DOUBLE';
      expect(await query(`SELECT ${sums} FROM '${parquet}'`)).toEqual([
        [20, 19, [...rows.increments.inOctets].reduce((a, b) => a + b), START + 7_000],
      ]);
    });

    it('to CSV, with the names of objects when they are told', async () => {
      await store().write(batch(interfaceSeries(7, START, 20), icmpSeries(8, START, 20)));
      const csv = file('icmp.csv');
      expect(await store().export({ ...ORDER, samples: 'icmp', format: 'csv', file: csv, checks: [8] })).toMatchObject({ rows: 20 });
      expect(readFileSync(csv, 'utf8').split('\n').slice(0, 2)).toEqual([
        'time,check,sent,received,rtt_min_us,rtt_avg_us,rtt_max_us,jitter_us',
        '2026-11-20 00:00:03,8,3,3,1000,1050,1100,20',
      ]);
      const named = file('named.csv');
      await store().export({ ...ORDER, samples: 'icmp', format: 'csv', file: named, objects: { 8: "bj:o'r1" } });
      expect(readFileSync(named, 'utf8').split('\n').slice(0, 2)).toEqual([
        'time,object,check,sent,received,rtt_min_us,rtt_avg_us,rtt_max_us,jitter_us',
        "2026-11-20 00:00:03,bj:o'r1,8,3,3,1000,1050,1100,20",
      ]);
      expect(readdirSync(directory).sort()).toEqual(['icmp.csv', 'named.csv']);
    });

    it('over nothing, into no directory that is not there, and never an empty file', async () => {
      await store().write(batch(interfaceSeries(7, START, 20), icmpSeries(8, START, 20)));
      writeFileSync(file('there.csv'), 'mine');
      const order = { ...ORDER, samples: 'icmp', format: 'csv' } as const;
      await expect(store().export({ ...order, file: file('there.csv') })).rejects.toThrow(/exists; name another file/);
      await expect(store().export({ ...order, file: join(directory, 'no', 'a.csv') })).rejects.toThrow(/no directory/);
      await expect(store().export({ ...order, file: file('b.csv'), from: 0, to: 1 })).rejects.toThrow(/no samples/);
      expect(readFileSync(file('there.csv'), 'utf8')).toBe('mine');
      expect(readdirSync(directory)).toEqual(['there.csv']);
    });
  });
}

async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  try {
    return await (await (await instance.connect()).run(sql)).getRows();
  } finally {
    instance.closeSync();
  }
}
