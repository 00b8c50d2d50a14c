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
/**
 * One probe a hop: routers send few ICMP errors a second to one address, and beyond a cut the last one answers for every hop. Those that
 * kept silent are asked again alone, up to two behind the last one heard, and so many of a way.
 */
const PROBE = ['-C', '1', '-t', '800'];
const PROBE_MS = 3_000;
const MOST_REPEATS = 6;
const REPEATED_BEHIND = 2;
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
  const heard = new Map<number, Heard>();
  let repeats = MOST_REPEATS;
  for (let first = 1; first <= MOST_HOPS && !isOver(heard); first += ABREAST) {
    const ttls = Array.from({ length: Math.min(ABREAST, MOST_HOPS - first + 1) }, (_, index) => first + index);
    const answers = await Promise.all(ttls.map((ttl) => hopOf(address, ttl, options)));
    for (const [index, ttl] of ttls.entries()) heard.set(ttl, answers[index] ?? SILENT);
    const again = ttls.filter((ttl) => isSilent(heard.get(ttl)) && ttl <= lastWorthAsking(heard)).slice(0, repeats);
    repeats -= again.length;
    for (const ttl of again) heard.set(ttl, await hopOf(address, ttl, options));
  }
  return wayOf([...heard]);
}

const isSilent = (hop: Heard | undefined): boolean => hop === undefined || hop.address === null;

const isEnd = ({ reached, note }: Heard): boolean => reached || note !== null;

/** The last hop that is worth asking again: before the one that ended the way, or little behind the last one heard. */
function lastWorthAsking(heard: ReadonlyMap<number, Heard>): number {
  const ends = [...heard].filter(([, hop]) => isEnd(hop)).map(([ttl]) => ttl);
  if (ends.length > 0) return Math.min(...ends) - 1;
  return Math.max(0, ...[...heard].filter(([, hop]) => !isSilent(hop)).map(([ttl]) => ttl)) + REPEATED_BEHIND;
}

function isOver(heard: ReadonlyMap<number, Heard>): boolean {
  const hops = [...heard.values()];
  return hops.some(isEnd) || (hops.length > 0 && hops.slice(-ABREAST).every(isSilent));
}

async function hopOf(address: string, ttl: number, { fping, commands }: TracerOptions): Promise<Heard> {
  const { output, errors } = await commands.run(fping, ['-H', String(ttl), ...PROBE, address], PROBE_MS);
  return heardByFping(output, errors);
}

/**
 * The hops in order, each there, up to the first that ends the way; silence behind the last one heard is told once. What a router says of
 * the way behind it, it says in answer to probes that would have gone further: that is noted with the router itself.
 */
function wayOf(heard: readonly (readonly [number, Heard])[]): Pick<TracerouteAnswer, 'hops' | 'reached'> {
  const byTtl = new Map(heard);
  const hops: TracerouteHop[] = [];
  for (let ttl = 1; ttl <= Math.max(0, ...byTtl.keys()); ttl++) {
    const { reached, ...hop } = byTtl.get(ttl) ?? SILENT;
    const before = hop.note === null ? undefined : hops.find(({ address }) => address === hop.address);
    if (before) return { hops: [...hops.slice(0, before.ttl - 1), { ...before, note: hop.note }], reached: false };
    hops.push({ ttl, ...hop });
    if (reached || hop.note !== null) return { hops, reached };
  }
  const last = hops.findLastIndex((hop) => hop.address !== null);
  return { hops: hops.slice(0, last + 2), reached: false };
}
