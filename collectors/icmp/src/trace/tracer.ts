import { isIPv6 } from 'node:net';
import type { TracerouteAnswer, TracerouteHop } from '@beacontower/contracts';
import type { Commands } from './commands.ts';
import { type Heard, heardByFping, heardByTracepath, SILENT } from './lines.ts';

export interface TracerOptions {
  readonly fping: string;
  readonly tracepath: string;
  readonly commands: Pick<Commands, 'run'>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Hops after which a way is given up. */
const MOST_HOPS = 30;
/** Hops asked at the same time; more of them silent in a row end the way: behind a cut all are. */
const ABREAST = 6;
/** Of each hop, two probes, so that one that is lost makes nobody silent. */
const PROBES = ['-C', '2', '-p', '250', '-t', '700'];
const PASS_MS = 3_000;
/** tracepath waits three seconds for each silent hop. */
const TRACEPATH_MS = 14_000;
const NO_TRACEPATH = 'tracepath is not installed here (package iputils-tracepath): fping cannot tell the routers of an IPv6 way';

/**
 * The way to an address: by fping with few hops to live, which needs no rights beyond those that probing has; over IPv6 by tracepath,
 * since fping does not tell of ICMPv6 there (before 5.4), and by fping where that is missing. Takes about 15 s at most.
 */
export async function traceTo(address: string, options: TracerOptions): Promise<TracerouteAnswer> {
  const at = options.now();
  if (!isIPv6(address)) return { address, at, by: 'fping', ...(await byFping(address, options)), note: null };
  const { output, missing } = await options.commands.run(
    'stdbuf',
    ['-oL', options.tracepath, '-6', '-n', '-m', String(MOST_HOPS), address],
    TRACEPATH_MS,
  );
  if (missing) return { address, at, by: 'fping', ...(await byFping(address, options)), note: NO_TRACEPATH };
  return { address, at, by: 'tracepath', ...wayOf([...heardByTracepath(output)]), note: null };
}

async function byFping(address: string, options: TracerOptions): Promise<Pick<TracerouteAnswer, 'hops' | 'reached'>> {
  const heard: [number, Heard][] = [];
  for (let ttl = 1; ttl <= MOST_HOPS; ttl += ABREAST) {
    const some = Array.from({ length: Math.min(ABREAST, MOST_HOPS - ttl + 1) }, (_, index) => ttl + index);
    heard.push(...(await Promise.all(some.map(async (one): Promise<[number, Heard]> => [one, await hopOf(address, one, options)]))));
    if (heard.some(([, { reached, note }]) => reached || note !== null) || heard.slice(-ABREAST).every(([, hop]) => hop.address === null))
      break;
  }
  return wayOf(heard);
}

async function hopOf(address: string, ttl: number, { fping, commands }: TracerOptions): Promise<Heard> {
  const { output, errors } = await commands.run(fping, ['-H', String(ttl), ...PROBES, address], PASS_MS);
  return heardByFping(output, errors);
}

/** The hops in order, each there, up to the first that ends the way; silence behind the last one heard is told once. */
function wayOf(heard: readonly (readonly [number, Heard])[]): Pick<TracerouteAnswer, 'hops' | 'reached'> {
  const byTtl = new Map(heard);
  const hops: TracerouteHop[] = [];
  let reached = false;
  for (let ttl = 1; ttl <= Math.max(0, ...byTtl.keys()) && !reached; ttl++) {
    const { reached: isEnd, ...hop } = byTtl.get(ttl) ?? SILENT;
    reached = isEnd;
    hops.push({ ttl, ...hop });
    if (hop.note !== null) break;
  }
  const last = hops.findLastIndex((hop) => hop.address !== null);
  return { hops: hops.slice(0, last + 2), reached };
}
