/** What a played centre has of the log of the sender under test, and every rule that it broke on the way. */
import { createHash } from 'node:crypto';
import { type Envelope, type LogPlace, NO_HASH, type Snapshot } from '@beacontower/contracts';
import { nodeOfId } from '@beacontower/database';
import { divisionCovers } from '@beacontower/domain';
import { CHAIN_BEGIN, type ChainEnd, type ReadBatch, readBatch } from '../../protocol/chain.ts';

/** Rules that are watched all the while. */
export type WatchedRule =
  | 'chain'
  | 'same-bytes'
  | 'opening'
  | 'introduced'
  | 'scope'
  | 'one-at-a-time'
  | 'limits'
  | 'snapshot'
  | 'watermark';

export class SenderRecord {
  readonly node: string;
  readonly division: string;
  incarnation: string | null = null;
  /** Hashes of lines by sequence, as they were first sent: kept over a rewinding. */
  hashes: string[] = [];
  /** Where the centre says it is. */
  end: ChainEnd = CHAIN_BEGIN;
  marks: LogPlace[] = [];
  readonly superseded = new Set<string>();
  readonly opening: Envelope[] = [];
  readonly snapshots: Snapshot[] = [];
  readonly kinds = new Map<string, number>();
  readonly faults = new Map<WatchedRule, string>();
  readonly #objects = new Set<string>();
  readonly #nodes: Set<string>;

  constructor(node: string, division: string) {
    this.node = node;
    this.division = division;
    this.#nodes = new Set([node]);
  }

  get place(): LogPlace | null {
    return this.incarnation === null || this.end.sequence === 0 ? null : { incarnation: this.incarnation, ...this.end };
  }

  fault(rule: WatchedRule, detail: string): void {
    if (!this.faults.has(rule)) this.faults.set(rule, detail);
  }

  introduce(incarnation: string): void {
    if (incarnation === this.incarnation) return;
    if (this.incarnation !== null) this.superseded.add(this.incarnation);
    this.incarnation = incarnation;
    this.hashes = [];
    this.end = CHAIN_BEGIN;
  }

  /** Takes in a batch, and looks at each line of it. */
  take(text: string): ReadBatch {
    const read = readBatch(text, this.end);
    if (!read.ok) {
      // Lines that are known, or that skip some, are not wrong in themselves: a sender learns the place from the answer.
      if (!read.code.startsWith('sequence-')) this.fault('chain', `${read.code} at line ${read.sequence ?? '?'}: ${read.detail}`);
      return read;
    }
    for (const { envelope, hash } of read.fresh) this.#look(envelope, hash);
    this.end = read.end;
    this.marks.unshift({ incarnation: this.incarnation ?? '', ...read.end });
    return read;
  }

  #look(envelope: Envelope, hash: string): void {
    const { sequence, kind } = envelope;
    const before = this.hashes[sequence];
    if (before !== undefined && before !== hash) this.fault('same-bytes', `line ${sequence} was sent again with other bytes`);
    this.hashes[sequence] = hash;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    if ((sequence === 1) !== (kind === 'incarnation')) this.fault('opening', `line ${sequence} is of the kind ${kind}`);
    if (kind === 'incarnation') this.#open(envelope);
    if (kind === 'node') this.#nodes.add(envelope.payload.id);
    if (kind === 'inventory') this.#meet(envelope.payload.object.id, envelope.payload.object.division);
    if (kind === 'transition' || kind === 'revision' || kind === 'outage') this.#mention(sequence, envelope.payload.object);
  }

  #open(envelope: Extract<Envelope, { kind: 'incarnation' }>): void {
    const { incarnation, node, division } = envelope.payload;
    this.opening.push(envelope);
    if (incarnation !== this.incarnation) this.fault('opening', 'the first line names another incarnation than hello did');
    if (node !== this.node || division !== this.division) this.fault('opening', `the first line is that of ${node} for ${division}`);
  }

  #meet(id: string, division: string): void {
    this.#objects.add(id);
    if (!this.#nodes.has(nodeOfId(id))) this.fault('scope', `${id} is an object of a node that was not introduced`);
    if (!divisionCovers(this.division, division)) this.fault('scope', `${id} lies in ${division}`);
  }

  #mention(sequence: number, object: string): void {
    if (!this.#objects.has(object)) this.fault('introduced', `line ${sequence} speaks of ${object}, which was never told`);
  }

  /** Takes in a snapshot; false: its version is not above the one before it. */
  present(snapshot: Snapshot): boolean {
    const before = this.snapshots.findLast(({ incarnation }) => incarnation === snapshot.incarnation);
    const own = snapshot.observed.find(({ node }) => node === this.node);
    if (own === undefined) this.fault('snapshot', 'it does not say how far the sender itself is observed');
    const earlier = before?.observed.find(({ node }) => node === this.node);
    if (own !== undefined && earlier !== undefined && own.until.pinged < earlier.until.pinged)
      this.fault('watermark', `it went back from ${earlier.until.pinged} to ${own.until.pinged}`);
    const foreign = snapshot.states.find(([object]) => !this.#nodes.has(nodeOfId(object)));
    if (foreign !== undefined) this.fault('scope', `the snapshot speaks of ${foreign[0]}`);
    if (before !== undefined && snapshot.version <= before.version) return false;
    this.snapshots.push(snapshot);
    return true;
  }

  /** Forgets the lines after `sequence`, as a centre does that was restored. */
  rewind(sequence: number): void {
    const to = Math.max(0, Math.min(sequence, this.end.sequence));
    this.end = to === 0 ? CHAIN_BEGIN : { sequence: to, hash: this.hashes[to] ?? NO_HASH };
  }

  /** The place with a hash that nobody has: as if the sender had been restored. */
  differing(): LogPlace {
    const hash = createHash('sha256').update('another history').digest('hex');
    return { incarnation: this.incarnation ?? '', sequence: Math.max(1, this.end.sequence), hash };
  }
}
