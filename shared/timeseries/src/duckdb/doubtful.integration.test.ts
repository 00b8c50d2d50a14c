/** Rows that come again, late or in any order, in small batches: each is stored once, and the first that came counts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@beacontower/runtime';
import { FakeClock } from '@beacontower/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { batch, START } from '../contract.fixture.ts';
import type { TimeSeriesStore } from '../port.ts';
import { DAY, HOUR, MINUTE } from '../resolution.ts';
import { makeInterfaceRows } from '../rows.ts';
import { createDuckDbStore } from './store.ts';

let directory: string;
let store: TimeSeriesStore;
const clock = new FakeClock(START + HOUR);
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bt-samples-'));
  store = createDuckDbStore({ directory, threads: 1 }, { logger: createLogger({ name: 'test', level: 'silent' }), clock });
  await store.open();
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

it.each([5, 10, 40])('batches of %i rows', async (size) => {
  const first = new Map<string, number>();
  for (let round = 0; round < 40; round++) {
    const rows = makeInterfaceRows(size);
    for (let i = 0; i < size; i++) {
      const drawn = (round * 7_919 + i * 104_729) % 9_973;
      rows.check[i] = 1 + (drawn % 5);
      // Within three hours over midnight; the last rows of each batch come again in it.
      rows.at[i] = i > size - 3 ? (rows.at[0] ?? 0) : START - 2 * HOUR + (drawn % 180) * MINUTE;
      if (i > size - 3) rows.check[i] = rows.check[0] ?? 0;
      rows.span[i] = 60_000;
      rows.increments.inOctets[i] = round * 1_000 + i;
      const key = `${rows.check[i]} ${rows.at[i]}`;
      if (!first.has(key)) first.set(key, round * 1_000 + i);
    }
    await store.write(batch(rows));
    if (round % 10 === 9) await store.maintain(clock.now());
  }
  const found: [string, number][] = [];
  for await (const { interfaces } of store.rows({ from: START - DAY, to: START + DAY })) {
    for (let i = 0; i < interfaces.count; i++) {
      found.push([`${interfaces.check[i]} ${interfaces.at[i]}`, interfaces.increments.inOctets[i] ?? Number.NaN]);
    }
  }
  expect(found).toHaveLength(first.size);
  expect(new Map(found)).toEqual(first);
});
