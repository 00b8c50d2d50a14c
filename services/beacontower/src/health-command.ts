/** `beacontower health ROLE…`: for the health checks of container engines and service managers. */
import { hostname } from 'node:os';
import { createKeys, createRedis, readVitals, type Vitals } from '@beacontower/queue';
import { readEnvironment, UserError } from '@beacontower/runtime';
import { parse } from './arguments.ts';
import { storesOf } from './connections.ts';
import { say } from './greeting.ts';
import { ROLE_NAMES } from './roles.ts';

/** A role speaks every two seconds; a health check must end long before an engine loses patience. */
const ASK_MS = 4_000;

/** Says how each role is that runs here, and sets the exit code: 0 when all do their work, 1 when one does not or is silent. */
export async function healthCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: { data: { type: 'string' } }, allowPositionals: true });
  const unknown = positionals.find((role) => !ROLE_NAMES.includes(role));
  if (positionals.length === 0) throw new UserError(`expected "health ROLE…": the roles are ${ROLE_NAMES.join(', ')}`);
  if (unknown !== undefined) throw new UserError(`there is no role "${unknown}": the roles are ${ROLE_NAMES.join(', ')}`);
  const environment = readEnvironment();
  const redis = createRedis(storesOf(environment, values.data).redisUrl, () => undefined);
  const limit = setTimeout(() => {
    say('Redis does not answer');
    process.exit(1);
  }, ASK_MS);
  try {
    const vitals = await readVitals(redis, createKeys(environment.redisPrefix), positionals, Date.now());
    const isHere = instanceFilter(environment.instance);
    const said = positionals.map((role) => ({ role, own: vitals.filter((each) => each.role === role && isHere(each)) }));
    for (const { role, own } of said) say(`${role}: ${describe(own)}`);
    process.exitCode = said.every(({ own }) => own.some(({ status }) => status === 'ok' || status === 'degraded')) ? 0 : 1;
  } finally {
    clearTimeout(limit);
    redis.disconnect();
  }
}

/** What runs here: the instance that was named, or whatever named itself after this host. */
function instanceFilter(instance: string | null): (vitals: Vitals) => boolean {
  return (vitals) => (instance === null ? vitals.instance.startsWith(`${hostname()}/`) : vitals.instance === instance);
}

function describe(own: readonly Vitals[]): string {
  if (own.length === 0) return 'no sign of life';
  return own.map(({ status, detail }) => (detail === undefined ? status : `${status} (${detail})`)).join('; ');
}
