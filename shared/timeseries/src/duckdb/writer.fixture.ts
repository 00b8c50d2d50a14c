/** A process that writes into a store until it is killed: `node … writer.fixture.ts DIRECTORY START`. It prints each batch it was told is stored. */
import { createLogger } from '@beacontower/runtime';
import { batch, interfaceSeries } from '../contract.fixture.ts';
import { MINUTE } from '../resolution.ts';
import { createDuckDbStore } from './store.ts';

const [directory = '', start = '0', upkeep = ''] = process.argv.slice(2);
let now = Number(start);
const clock = { now: () => now, monotonic: () => performance.now() };
const store = createDuckDbStore({ directory, threads: 1 }, { logger: createLogger({ name: 'writer', level: 'error' }), clock });
await store.open();
const partition = 3;
const done = Number((await store.offsets())?.get(partition)?.split('-')[0] ?? -1);
process.stdout.write('open\n');
for (let round = done + 1; ; round++) {
  now = Number(start) + (round + 1) * 10 * MINUTE;
  await store.write(batch(interfaceSeries(7, Number(start) + round * 10 * MINUTE, 10), undefined, [[partition, `${round}-0`]]));
  process.stdout.write(`${round}\n`);
  if (upkeep !== '') await store.maintain(now);
}
