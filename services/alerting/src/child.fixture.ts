/** A process of its own that runs alerting until it is killed: `child.fixture.ts <database url> <redis url> <instance>`. */
import { createDatabase } from '@beacontower/database';
import { createKeys } from '@beacontower/queue';
import { createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { SECRET } from './alerting.fixture.ts';
import { createAlerting } from './app.ts';

const [databaseUrl = '', redisUrl = '', instance = ''] = process.argv.slice(2);
const alerting = createAlerting(
  { instance },
  {
    database: createDatabase({ url: databaseUrl, applicationName: 'child' }),
    redisUrl,
    bullPrefix: createKeys('bt').bull,
    looks: { request: async () => undefined, unjudged: async () => false },
    clock: new SystemClock(),
    logger: createLogger({ name: 'child', level: 'error' }),
    registry: createRegistry({}, false),
    secrets: async () => SECRET,
  },
);
await alerting.start();
process.stdout.write('started\n');
