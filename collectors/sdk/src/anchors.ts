import { isIPv6 } from 'node:net';
import { type Fping, PassFailed } from './fping/fping.ts';
import { createTargetList, LOST } from './fping/output.ts';

/** How a vantage is looked at: short, since a round waits for it. Milliseconds. */
const LOOK = { probes: 3, periodMs: 200, timeoutMs: 1_000 };

/** Whether a vantage sees anything by each family, as its anchors show. */
export interface AnchorSight {
  readonly v4: boolean;
  readonly v6: boolean;
}

/**
 * Asks a zone's anchors by ICMP. A family without an anchor of its own is judged by any other's; a zone without any proves
 * nothing. Null when fping showed nothing: then nobody knows.
 */
export async function lookAtAnchors(fping: Fping, anchors: readonly string[]): Promise<AnchorSight | null> {
  if (anchors.length === 0) return { v4: false, v6: false };
  const addresses = [...new Set(anchors)];
  try {
    const { rtts } = await fping.pass({ list: createTargetList(addresses), ...LOOK });
    const answered = addresses.map((_, slot) => rtts.subarray(slot * LOOK.probes, (slot + 1) * LOOK.probes).some((rtt) => rtt !== LOST));
    return sightOf(addresses, answered);
  } catch (error) {
    if (error instanceof PassFailed) return null;
    throw error;
  }
}

/** What it means that some anchors answered. */
export function sightOf(addresses: readonly string[], answered: readonly boolean[]): AnchorSight {
  const any = answered.some(Boolean);
  const byFamily = (v6: boolean) => {
    const own = addresses.flatMap((address, index) => (isIPv6(address) === v6 ? [answered[index] ?? false] : []));
    return own.length === 0 ? any : own.some(Boolean);
  };
  return { v4: byFamily(false), v6: byFamily(true) };
}
