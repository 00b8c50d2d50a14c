/** Stands in a column of round-trip times where no reply came. */
export const LOST = 0xffffffff;

/** Addresses as they are written to fping: one a line, each once; `starts[i]` is where the i-th begins, `starts[count]` the end. */
export interface TargetList {
  readonly count: number;
  readonly text: Buffer;
  readonly starts: Uint32Array;
  slotOf(address: string): number | undefined;
}

export function createTargetList(addresses: readonly string[]): TargetList {
  const starts = new Uint32Array(addresses.length + 1);
  let position = 0;
  // Addresses are ASCII: characters are bytes.
  addresses.forEach((address, index) => {
    starts[index] = position;
    position += address.length + 1;
  });
  starts[addresses.length] = position;
  let slots: Map<string, number> | undefined;
  return {
    count: addresses.length,
    text: Buffer.from(addresses.length === 0 ? '' : `${addresses.join('\n')}\n`, 'latin1'),
    starts,
    slotOf(address) {
      slots ??= new Map(addresses.map((name, index) => [name, index]));
      return slots.get(address);
    },
  };
}

/** What fping's `-C n` summary said of every target. */
export interface Summary {
  /** Round-trip times in microseconds, `probes` for each target in the list's order; `LOST` where no reply came. */
  readonly rtts: Uint32Array;
  /** Targets fping could not send to at all, counted by its reason; their probes count as lost. */
  readonly refused: ReadonlyMap<string, number>;
}

/** fping said something else than what was asked for: nothing can be concluded from it. */
export class UnreadableOutput extends Error {
  override readonly name = 'UnreadableOutput';
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const COLON = 0x3a;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;

/**
 * Reads the summary that `fping -C n` writes to standard error: `<address> <padding>: 0.31 - 12.1`, milliseconds or `-`.
 * fping keeps the order of the list, so names are compared, not looked up; a line out of order is looked up. Notices between
 * (ICMP errors of routers, duplicates) are passed over. Throws `UnreadableOutput` unless every target has its n results.
 */
export function parseSummary(output: Buffer, list: TargetList, probes: number): Summary {
  const rtts = new Uint32Array(list.count * probes).fill(LOST);
  const seen = new Uint8Array(list.count);
  const refused = new Map<string, number>();
  let cursor = 0;
  let found = 0;
  for (let at = 0; at < output.length; ) {
    const newline = output.indexOf(NEWLINE, at);
    const end = newline < 0 ? output.length : newline;
    let values = cursor < list.count ? afterName(output, at, end, list, cursor) : -1;
    let slot = cursor;
    if (values < 0) {
      const elsewhere = lookUp(output.toString('latin1', at, end), list, refused);
      slot = elsewhere?.slot ?? -1;
      values = elsewhere ? at + elsewhere.values : -1;
    }
    if (slot >= 0 && values >= 0 && seen[slot] === 0 && (values === end || readValues(output, values, end, rtts, slot * probes, probes))) {
      seen[slot] = 1;
      found++;
      cursor = slot + 1;
    }
    at = end + 1;
  }
  if (found !== list.count) throw new UnreadableOutput(`fping gave results for ${found} of ${list.count} targets`);
  return { rtts, refused };
}

/** Where the values begin when the line is that of the given target; -1 when it is not. */
function afterName(output: Buffer, at: number, end: number, list: TargetList, slot: number): number {
  const start = list.starts[slot] ?? 0;
  const length = (list.starts[slot + 1] ?? 0) - start - 1;
  if (at + length + 2 > end) return -1;
  for (let i = 0; i < length; i++) if (output[at + i] !== list.text[start + i]) return -1;
  let position = at + length;
  if (output[position] !== SPACE) return -1;
  while (position < end && output[position] === SPACE) position++;
  return output[position] === COLON ? position + 1 : -1;
}

/** A line of another target, or one that says why a target cannot be sent to (`<address>: <reason>`). */
function lookUp(line: string, list: TargetList, refused: Map<string, number>): { slot: number; values: number } | undefined {
  const result = /^(\S+) +:(?= )/.exec(line);
  if (result) {
    const slot = list.slotOf(result[1] ?? '');
    return slot === undefined ? undefined : { slot, values: result[0].length };
  }
  const refusal = /^(\S+): (\D.*)$/.exec(line);
  const slot = list.slotOf(refusal?.[1] ?? '');
  const reason = refusal?.[2];
  if (slot === undefined || reason === undefined) return undefined;
  refused.set(reason, (refused.get(reason) ?? 0) + 1);
  return { slot, values: line.length };
}

/** Reads exactly `count` values; false (and nothing changed that counts) when the line holds anything else. */
function readValues(output: Buffer, from: number, end: number, into: Uint32Array, offset: number, count: number): boolean {
  let position = from;
  for (let index = 0; index < count; index++) {
    while (position < end && output[position] === SPACE) position++;
    const start = position;
    while (position < end && output[position] !== SPACE) position++;
    const value = readMicroseconds(output, start, position);
    if (value < 0) {
      into.fill(LOST, offset, offset + count);
      return false;
    }
    into[offset + index] = value;
  }
  while (position < end && output[position] === SPACE) position++;
  if (position === end) return true;
  into.fill(LOST, offset, offset + count);
  return false;
}

/** Milliseconds with a decimal point as microseconds, `-` as `LOST`, anything else -1. */
function readMicroseconds(output: Buffer, start: number, end: number): number {
  if (end - start === 1 && output[start] === DASH) return LOST;
  if (end === start) return -1;
  let value = 0;
  let decimals = -1;
  for (let i = start; i < end; i++) {
    const byte = output[i] ?? 0;
    if (byte === DOT && decimals < 0) {
      decimals = 0;
    } else if (byte >= ZERO && byte <= ZERO + 9) {
      if (decimals >= 3) continue;
      value = value * 10 + byte - ZERO;
      if (decimals >= 0) decimals++;
    } else {
      return -1;
    }
  }
  for (let i = Math.max(decimals, 0); i < 3; i++) value *= 10;
  return value < LOST ? value : -1;
}

/** One reply as fping tells it while it runs: which target, and the number of the probe from 0. */
export interface ReplyLine {
  readonly slot: number;
  readonly probe: number;
}

/** Reads a line such as `192.0.2.1 : [0], 64 bytes, 0.031 ms (…)`; null when it tells of no reply by a target of the list. */
export function parseReplyLine(line: string, list: TargetList): ReplyLine | null {
  const match = /^(\S+) *: \[(\d+)\], \d+ bytes, [\d.]+ ms/.exec(line);
  const slot = list.slotOf(match?.[1] ?? '');
  return match && slot !== undefined ? { slot, probe: Number(match[2]) } : null;
}
