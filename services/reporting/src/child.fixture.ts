/** A process of its own that runs reporting until it is killed: `child.fixture.ts <database url> <redis url> <instance>`. */
import { createDatabase } from '@beacontower/database';
import { createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { createReporting } from './app.ts';

const [url = '', redisUrl = '', instance = ''] = process.argv.slice(2);
const reporting = createReporting(
  { instance, sweepMs: 50 },
  {
    database: createDatabase({ url, applicationName: 'child', onError: () => undefined }),
    redisUrl,
    bullPrefix: 'killed',
    clock: new SystemClock(),
    logger: createLogger({ name: 'child', level: 'error' }),
    registry: createRegistry({}, false),
  },
);
await reporting.start();
