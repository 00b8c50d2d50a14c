import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** An address as a person writes it: IPv4 that came over an IPv6 socket is IPv4. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ?? address.split('%')[0] ?? address;
}

/** Whether an address lies in one of the networks, such as `10.0.0.0/8` or `2001:db8::/32`. */
export function liesIn(networks: readonly string[], address: string): boolean {
  const plain = plainAddress(address);
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', length] = network.split('/');
    list.addSubnet(base, Number(length), isIPv4(base) ? 'ipv4' : 'ipv6');
  }
  if (isIPv4(plain)) return list.check(plain, 'ipv4');
  return isIPv6(plain) && list.check(plain, 'ipv6');
}

/** Whether a request came from this machine itself. */
export function isLoopback(address: string): boolean {
  return liesIn(['127.0.0.0/8', '::1/128'], address);
}

/** What a source is counted under: an IPv6 network of 64 bits is one household. */
export function sourceKey(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail = ''] = plain.split('::');
  const groups = head.split(':');
  const missing = plain.includes('::') ? 8 - groups.length - (tail === '' ? 0 : tail.split(':').length) : 0;
  return [...groups, ...Array.from({ length: missing }, () => '0'), ...tail.split(':')]
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':');
}
