/** A name in the tree of objects, compiled once: as text, as arcs, and as the content bytes of its BER encoding. */
export interface Oid {
  readonly text: string;
  readonly arcs: readonly number[];
  readonly bytes: Uint8Array;
}

/** RFC 3416: no more arcs than these, none above 2^32 - 1. */
export const MOST_ARCS = 128;
export const MOST_ARC = 0xffffffff;

/** Compiles `1.3.6.1.2.1.1.3.0` (a leading dot is allowed). Throws a RangeError for what is not an OID: OIDs are constants of ours. */
export function oid(text: string): Oid {
  const bare = text.startsWith('.') ? text.slice(1) : text;
  if (!/^\d+(\.\d+)+$/.test(bare)) throw new RangeError(`not an OID: ${text}`);
  return oidOfArcs(bare.split('.').map(Number));
}

/** The same from arcs. */
export function oidOfArcs(arcs: readonly number[]): Oid {
  const [first, second] = arcs;
  if (first === undefined || second === undefined || arcs.length > MOST_ARCS) throw new RangeError(`not an OID: ${arcs.join('.')}`);
  if (first > 2 || (first < 2 && second > 39) || second > MOST_ARC - 80) throw new RangeError(`not an OID: ${arcs.join('.')}`);
  const bytes: number[] = [];
  pushArc(bytes, first * 40 + second);
  for (const arc of arcs.slice(2)) {
    if (!Number.isInteger(arc) || arc < 0 || arc > MOST_ARC) throw new RangeError(`not an OID: ${arcs.join('.')}`);
    pushArc(bytes, arc);
  }
  return { text: arcs.join('.'), arcs, bytes: Uint8Array.from(bytes) };
}

function pushArc(bytes: number[], arc: number): void {
  for (let size = arcLength(arc) - 1; size > 0; size--) bytes.push(0x80 | (Math.floor(arc / 2 ** (7 * size)) & 0x7f));
  bytes.push(arc & 0x7f);
}

/** Bytes that one arc takes. */
export function arcLength(arc: number): number {
  if (arc < 0x80) return 1;
  if (arc < 0x4000) return 2;
  if (arc < 0x200000) return 3;
  return arc < 0x10000000 ? 4 : 5;
}
