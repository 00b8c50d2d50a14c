/** The newest increments of an interface's counters as rates. */
import { timestamp } from './api/common.ts';
import type { LatestTraffic } from './api/series.ts';
import { INTERFACE_COUNTERS, type InterfaceCounter } from './bus.ts';
import type { LatestAnswer } from './series.ts';

/** ifAdminStatus and ifOperStatus of IF-MIB by their numbers. */
const ADMIN = ['unknown', 'up', 'down', 'testing'];
const OPER = ['unknown', 'up', 'down', 'testing', 'unknown', 'dormant', 'notPresent', 'lowerLayerDown'];

/** What the recorder said of an interface, per second over the span between its last two readings; null: not known. */
export function trafficOf({ at, span, speed, status, increments }: LatestAnswer[number]): LatestTraffic {
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
