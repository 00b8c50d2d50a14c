/** Reads what fping and tracepath say of the way to an address. */
import type { TracerouteHop } from '@beacontower/contracts';

/** What one hop said: itself, that it is the address asked for, or nothing. */
export type Heard = Omit<TracerouteHop, 'ttl'> & { readonly reached: boolean };

export const SILENT: Heard = { address: null, rttMs: null, note: null, reached: false };

const EXPIRED = /^ICMP\S* Time Exceeded/;

/**
 * What a pass of fping with a limited time to live heard: the answer of the target on standard output, or what a router said of the
 * probe on standard error. Before 5.4 fping passes over what routers say by ICMPv6 (its issue 390).
 */
export function heardByFping(output: string, errors: string): Heard {
  const reply = /^(\S+) *: \[\d+\], \d+ bytes, ([\d.]+) ms/m.exec(output);
  if (reply) return { address: reply[1] ?? null, rttMs: Number(reply[2]), note: null, reached: true };
  const said = /^(ICMP.*?) from (\S+) for ICMP\S* Echo (?:Request )?sent to /m.exec(errors);
  if (!said) return SILENT;
  const [, what = '', address = ''] = said;
  return { address, rttMs: null, note: EXPIRED.test(what) ? null : what, reached: false };
}

const NOTES: Readonly<Record<string, string>> = {
  '!H': 'Host Unreachable',
  '!N': 'Network Unreachable',
  '!P': 'Protocol Unreachable',
  '!A': 'Administratively Prohibited',
};

/**
 * What tracepath heard, hop by hop, as far as it came before it was ended. Lines: ` 1?: [LOCALHOST] …`, ` 2:  no reply`,
 * ` 2:  fd91:2::2   0.017ms`, with `reached` or `!H` and the like behind; a hop may be told of more than once, the first word counts.
 */
export function heardByTracepath(output: string): ReadonlyMap<number, Heard> {
  const hops = new Map<number, Heard>();
  for (const line of output.split('\n')) {
    const parts = /^ *(\d+): +(?:(no reply)|(\S+) +(?:\(.*?\) +)?([\d.]+)ms *(.*))/.exec(line);
    if (!parts) continue;
    const [, ttl = '', silent, address = null, rtt = '', rest = ''] = parts;
    const before = hops.get(Number(ttl));
    if (before && (before.address !== null || silent !== undefined)) continue;
    const mark = /![A-Z]\S*/.exec(rest)?.[0];
    const note = mark === undefined ? null : (NOTES[mark] ?? mark);
    hops.set(Number(ttl), silent === undefined ? { address, rttMs: Number(rtt), note, reached: /\breached\b/.test(rest) } : SILENT);
  }
  return hops;
}
