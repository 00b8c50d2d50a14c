import { isIPv4, isIPv6 } from 'node:net';
import type { ScheduledInventory } from './inventory-source.ts';

/** The anchors of a zone in their canonical form, sorted. */
export function anchorsOf(inventory: ScheduledInventory, zone: string): string[] {
  const anchors = (inventory.anchors.get(zone) ?? []).map(canonicalAddress).filter((address) => address !== null);
  return [...new Set(anchors)].sort();
}

/**
 * An address as every library writes it (RFC 5952 for IPv6), so that equal addresses have equal texts. Null when it is no
 * address: nothing but addresses ever reaches fping, which would ask the DNS for a name.
 */
export function canonicalAddress(address: string): string | null {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const [bare = '', zone] = address.split('%', 2);
  const host = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  return zone === undefined ? host : `${host}%${zone}`;
}
