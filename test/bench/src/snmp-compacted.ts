import { existsSync, readdirSync } from 'node:fs';
import { createLogger, SystemClock } from '@beacontower/runtime';
import { createDuckDbStore } from '@beacontower/timeseries';

const HOUR_MS = 3_600_000;

/** The directory under this one that holds the files of the sample store. */
function storeOf(directory: string): string {
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  const file = entries.find((entry) => /^samples-.*\.duckdb$/.test(entry.name));
  if (file === undefined) throw new Error(`no file of samples lies in ${directory}`);
  return file.parentPath;
}

/** Bytes of the sample store of a node that has stopped, once its hours have been put in order as if they were over. */
export async function compactedBytes(dataDirectory: string): Promise<number> {
  if (!existsSync(dataDirectory)) throw new Error(`${dataDirectory} is gone`);
  const logger = createLogger({ name: 'bench', level: 'warn' });
  const store = createDuckDbStore({ directory: storeOf(dataDirectory) }, { logger, clock: new SystemClock() });
  await store.open();
  try {
    // The upkeep does little at a time: it is asked until there is nothing left to gain.
    let bytes = Number.POSITIVE_INFINITY;
    for (let times = 0; times < 20; times++) {
      await store.maintain(Date.now() + 2 * HOUR_MS);
      const now = (await store.state()).bytes ?? Number.NaN;
      if (times > 2 && now === bytes) break;
      bytes = now;
    }
    return bytes;
  } finally {
    await store.close();
  }
}
