import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@beacontower/runtime';
import { describeStore } from '../contract.ts';
import type { TimeSeriesStore } from '../port.ts';
import { createDuckDbStore } from './store.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

describeStore('duckdb', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bt-samples-'));
  let make: () => TimeSeriesStore;
  return {
    make: async ({ clock, retention }) => {
      make = () => createDuckDbStore({ directory, retention, memoryLimitMb: 256, threads: 1 }, { logger, clock });
      return make();
    },
    again: async () => make(),
    destroy: async () => rmSync(directory, { recursive: true }),
  };
});
