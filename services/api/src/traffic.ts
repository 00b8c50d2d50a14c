import { INTERFACE_COUNTERS, type InterfaceCounter, LatestAnswer, type LatestTraffic, timestamp } from '@beacontower/contracts';
import { ask, RequestError } from '@beacontower/queue';
import type { RouteContext } from './context.ts';

/** ifAdminStatus and ifOperStatus of IF-MIB by their numbers. */
const ADMIN = ['unknown', 'up', 'down', 'testing'];
const OPER = ['unknown', 'up', 'down', 'testing', 'unknown', 'dormant', 'notPresent', 'lowerLayerDown'];

/** The newest traffic of interfaces by the keys of their checks; empty when the recorder, who knows it, is away. */
export async function latestTraffic(
  { redis, keys }: Pick<RouteContext, 'redis' | 'keys'>,
  checks: readonly number[],
  timeoutMs: number,
): Promise<Map<number, LatestTraffic>> {
  if (checks.length === 0) return new Map();
  try {
    const answer = LatestAnswer.parse(await ask(redis, keys, 'latest', { checks }, { timeoutMs }));
    return new Map(answer.map((latest) => [latest.check, trafficOf(latest)]));
  } catch (error) {
    if (error instanceof RequestError) return new Map();
    throw error;
  }
}

function trafficOf({ at, span, speed, status, increments }: LatestAnswer[number]): LatestTraffic {
  const seconds = span / 1_000;
  const rate = (counter: InterfaceCounter, factor = 1) => {
    const increment = increments[INTERFACE_COUNTERS.indexOf(counter)] ?? null;
    return increment === null ? null : (increment * factor) / seconds;
  };
  const packets = (...counters: InterfaceCounter[]) => {
    const known = counters.map((counter) => rate(counter)).filter((each) => each !== null);
    return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0);
  };
  const speedBps = speed === 0 ? null : speed * 1e6;
  const share = (bps: number | null) => (bps === null || speedBps === null ? null : bps / speedBps);
  const inBps = rate('inOctets', 8);
  const outBps = rate('outOctets', 8);
  return {
    at: timestamp(at),
    spanMs: span,
    speedBps,
    admin: ADMIN[status & 0x0f] ?? 'unknown',
    oper: OPER[status >> 4] ?? 'unknown',
    inBps,
    outBps,
    inUtilisation: share(inBps),
    outUtilisation: share(outBps),
    inPacketsPerSecond: packets('inUnicast', 'inMulticast', 'inBroadcast'),
    outPacketsPerSecond: packets('outUnicast', 'outMulticast', 'outBroadcast'),
    inErrorsPerSecond: rate('inErrors'),
    outErrorsPerSecond: rate('outErrors'),
    inDiscardsPerSecond: rate('inDiscards'),
    outDiscardsPerSecond: rate('outDiscards'),
  };
}
