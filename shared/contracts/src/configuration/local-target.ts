/** Which hosts are this machine, its link, or what a cloud tells its machines: no message is sent there unless it is allowed. */
import ipaddr from 'ipaddr.js';

export type LocalTarget = 'loopback' | 'link-local' | 'metadata' | 'unspecified';

/** Where clouds answer for their metadata beside 169.254.169.254, which is link-local: Alibaba Cloud, Azure, Oracle, and over IPv6 AWS, Google Cloud, Scaleway. */
const METADATA = new Set(['100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254', 'fd00:42::42']);
const METADATA_NAMES = /^(metadata(\.google\.internal|\.tencentyun\.com|\.goog)?|instance-data(\.ec2\.internal)?)$/;
const LOOPBACK_NAMES = /(^|\.)localhost(\.localdomain)?$|^(ip6-localhost|ip6-loopback)$/;
/** The IPv4 address that an IPv6 one carries: NAT64 (RFC 6052), IPv4-translated (RFC 2765) and IPv4-compatible in the last 32 bits, 6to4 from the third byte on. */
const CARRIES: readonly (readonly [string, number, number])[] = [
  ['64:ff9b::', 96, 12],
  ['64:ff9b:1::', 96, 12],
  ['2002::', 16, 2],
  ['::ffff:0:0:0', 96, 12],
  ['::', 96, 12],
];

/**
 * What a host of a URL is when no message may go there: a name, or an address as `URL.hostname` or a resolver writes it (IPv6 with or
 * without brackets). Null for all others; a name is not resolved here.
 */
export function localTarget(host: string): LocalTarget | null {
  const bare = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '');
  if (!ipaddr.isValid(bare)) {
    if (LOOPBACK_NAMES.test(bare)) return 'loopback';
    return METADATA_NAMES.test(bare) ? 'metadata' : null;
  }
  const address = ipaddr.process(bare);
  const own = ofAddress(address);
  if (own !== null || !(address instanceof ipaddr.IPv6)) return own;
  const carried = carriedBy(address);
  return carried === null ? null : ofAddress(carried);
}

function ofAddress(address: ipaddr.IPv4 | ipaddr.IPv6): LocalTarget | null {
  const written = address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
  if (METADATA.has(written)) return 'metadata';
  switch (address.range()) {
    case 'loopback':
      return 'loopback';
    case 'linkLocal':
      return written === '169.254.169.254' ? 'metadata' : 'link-local';
    case 'unspecified':
      return 'unspecified';
    default:
      return null;
  }
}

function carriedBy(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const found = CARRIES.find(([prefix, bits]) => address.match(ipaddr.IPv6.parse(prefix), bits));
  return found === undefined ? null : new ipaddr.IPv4(address.toByteArray().slice(found[2], found[2] + 4));
}
