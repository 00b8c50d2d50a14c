/** The values that conditions judge, made of one row of samples. NaN: not known. */

/** Shares are of at least so many packets: one error of three packets on an idle line is not a third. */
export const LEAST_PACKETS = 100;

/** Share of the speed (Mbit/s) that was used in `spanMs`, in the busier direction; what one direction does not tell, the other decides. */
export function utilisationOf(inOctets: number, outOctets: number, speed: number, spanMs: number): number {
  if (!(speed > 0) || !(spanMs > 0)) return Number.NaN;
  return worseOf(inOctets, outOctets) / (speed * 125 * spanMs);
}

/** Share of `packets` and `lost` that were lost, where `packets` are by kind (unicast first); kinds that are not answered count none. */
export function lostShare(lost: number, unicast: number, multicast: number, broadcast: number): number {
  if (Number.isNaN(lost) || Number.isNaN(unicast)) return Number.NaN;
  const packets = unicast + (Number.isNaN(multicast) ? 0 : multicast) + (Number.isNaN(broadcast) ? 0 : broadcast);
  return lost / Math.max(LEAST_PACKETS, packets + lost);
}

/** The larger of two; one that is not known leaves it to the other. */
export function worseOf(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : Math.max(a, b);
}
