/** What a difference of two readings can mean: pure decisions of decision 0011, apart from the columns they are made on. */

/** sysUpTime wraps at 2^32 hundredths of a second, which is 497 days. */
const UPTIME_TICK_MS = 10;
/** A device's clock and ours may differ by this much, and by this share of the time that passed, before a difference means something. */
const UPTIME_SLACK_MS = 5_000;
const UPTIME_DRIFT = 0.02;

/** A counter of 32 bits wraps at this. */
export const WRAP = 2 ** 32;

/**
 * Speed assumed where the device does not tell it, Mbit/s, for counters of 32 bits only: the fastest link that devices old enough
 * to have no wider counters are met on. At an interval of 60 s nothing is then known of octets: better than a wrong number.
 */
export const UNKNOWN_SPEED_MBITS = 1_000;
/** A line does not carry more than its speed, but the speed is rounded, the framing not counted, and the moment of reading not exact. */
const SPEED_TOLERANCE = 1.25;
const READ_SLACK_MS = 2_000;
/** The shortest packet counts with fewer octets than this on no link layer we know of. */
const SHORTEST_PACKET = 24;

/** Not a span: the device restarted between the readings. */
export const RESTARTED = -1;
/** Not a span: the later entry is not the later reading. */
export const STALE = -2;
/** Not a span: the readings cannot be compared, and the later entry is where counting begins anew. */
export const ANEW = -3;

/** Clocks are set by minutes or hours. What differs by more than this is another device, or nonsense. */
const MOST_SET_MS = 86_400_000;

/**
 * Milliseconds between two readings of one device that ran on between them, or `RESTARTED`, `STALE`, `ANEW`. `elapsedMs` is by our
 * clock; where the device's own clock (sysUpTime, over its wrap too) tells a quite different time, ours was set, and the device's
 * counts. A restart shows as a sysUpTime that went back, or, after a long gap, as one that is shorter than the gap and lacks time.
 */
export function spanBetween(uptimeBefore: number, uptimeNow: number, elapsedMs: number): number {
  const slack = Math.min(UPTIME_SLACK_MS, Math.abs(elapsedMs) / 2) + Math.abs(elapsedMs) * UPTIME_DRIFT;
  const ticks = uptimeNow - uptimeBefore;
  if (elapsedMs <= 0) {
    // Signed, over the wrap: a reading that was overtaken comes from before. One well ahead tells that our clock was set back.
    return (ticks | 0) * UPTIME_TICK_MS > elapsedMs + 2 * slack ? ANEW : STALE;
  }
  const passedMs = (ticks >>> 0) * UPTIME_TICK_MS;
  if (Math.abs(elapsedMs - passedMs) <= slack) return elapsedMs;
  if (uptimeNow < uptimeBefore || passedMs - elapsedMs > MOST_SET_MS) return RESTARTED;
  const couldHaveRestarted = uptimeNow * UPTIME_TICK_MS <= elapsedMs + slack;
  return couldHaveRestarted && passedMs < elapsedMs ? RESTARTED : passedMs;
}

/** Most octets an interface of this speed (Mbit/s) can have counted in a span. */
export function mostOctets(speed: number, spanMs: number): number {
  return speed * 125 * (spanMs + READ_SLACK_MS) * SPEED_TOLERANCE;
}

/** Most packets an interface of this speed (Mbit/s) can have counted in a span. */
export function mostPackets(speed: number, spanMs: number): number {
  return mostOctets(speed, spanMs) / SHORTEST_PACKET;
}

/**
 * The least increment of a 32-bit counter that explains `difference` (now minus before); null when `most` would allow for another
 * turn of the counter, so that nobody can tell. The caller refuses what is above `most`.
 */
export function narrowIncrement(difference: number, most: number, isRare: boolean): number | null {
  const least = difference < 0 ? difference + WRAP : difference;
  // Errors and discards have no wider counters on any link, and do not come by the thousand million: going on, they went on once.
  if (isRare && difference >= 0) return least;
  return least + WRAP <= most ? null : least;
}
