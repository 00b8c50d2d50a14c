import { timestampOrNull, type Unobserved } from '@beacontower/contracts';
import { believedFor, partitionOf } from '@beacontower/domain';
import { readNodeIdentity } from '../inventory/index.ts';
import type { Queryable } from '../pool.ts';
import { type ObservedNode, readObservedNodes } from '../record/observed-nodes.ts';
import { readWatermarks } from '../record/partition-states.ts';
import type { KnownObject } from './known-objects.ts';

/** The longest outages that checks can miss, ms: of those by ICMP, and of those that agents tell. */
export interface Missed {
  readonly pinged: number;
  readonly asked: number;
}

/** Of this inventory: of this node's own checks, and of those of each other node. */
export interface Resolutions extends Missed {
  readonly nodes: ReadonlyMap<string, Missed>;
}

export function resolutionsOf(objects: Iterable<Pick<KnownObject, 'node' | 'pinged' | 'resolutionMs' | 'agentMs'>>): Resolutions {
  const own = { pinged: 0, asked: 0 };
  const nodes = new Map<string, { pinged: number; asked: number }>();
  for (const { node, pinged, resolutionMs, agentMs } of objects) {
    let longest = node === null ? own : nodes.get(node);
    if (longest === undefined) {
      longest = { pinged: 0, asked: 0 };
      nodes.set(node as string, longest);
    }
    if (pinged === true) longest.pinged = Math.max(longest.pinged, resolutionMs);
    longest.asked = Math.max(longest.asked, agentMs, pinged === false ? resolutionMs : 0);
  }
  return { ...own, nodes };
}

/** Up to when something was judged, where that is too long ago: by ICMP, and by agents as well. Epoch ms. */
interface Behind<K> {
  readonly pinged: ReadonlyMap<K, number>;
  readonly asked: ReadonlyMap<K, number>;
}

/** What is believed of the states that are on record: those of a partition that is judged no more, or of a node that is silent, are not. */
export interface Believed {
  readonly partitions: number;
  /** Every partition and every node is. */
  readonly all: boolean;
  /** Up to when everything of this node's that is pinged has been judged; null: nothing ever was. */
  readonly judgedUpTo: number | null;
  /** By partition. */
  readonly own: Behind<number>;
  /** By node: unobserved from here since then. */
  readonly nodes: Behind<string>;
  /** Other nodes, by id. */
  readonly known: ReadonlyMap<string, ObservedNode>;
}

/** As if there were no other node. */
export const ALL_BELIEVED: Believed = {
  partitions: 1,
  all: true,
  judgedUpTo: null,
  own: { pinged: new Map(), asked: new Map() },
  nodes: { pinged: new Map(), asked: new Map() },
  known: new Map(),
};

export async function readBelieved(db: Queryable, resolutions: Resolutions, now: number): Promise<Believed> {
  const [identity, watermarks, others] = [await readNodeIdentity(db), await readWatermarks(db), await readObservedNodes(db)];
  const partitions = identity?.partitions ?? 1;
  const own = { pinged: new Map<number, number>(), asked: new Map<number, number>() };
  let judgedUpTo = watermarks.size === 0 ? null : now;
  for (let partition = 0; partition < partitions; partition++) {
    const { pinged, all } = watermarks.get(partition) ?? { pinged: 0, all: 0 };
    note(own, partition, { pinged, all }, resolutions, now);
    if (judgedUpTo !== null) judgedUpTo = Math.min(judgedUpTo, pinged);
  }
  const nodes = { pinged: new Map<string, number>(), asked: new Map<string, number>() };
  for (const { node, shown } of others.values()) note(nodes, node, shown, resolutions.nodes.get(node) ?? NOTHING, now);
  const count = own.pinged.size + own.asked.size + nodes.pinged.size + nodes.asked.size;
  return { partitions, all: count === 0, judgedUpTo, own, nodes, known: others };
}

const NOTHING: Missed = { pinged: 0, asked: 0 };

function note<K>(
  behind: { readonly pinged: Map<K, number>; readonly asked: Map<K, number> },
  of: K,
  { pinged, all }: { readonly pinged: number; readonly all: number },
  missed: Missed,
  now: number,
): void {
  if (now - pinged > believedFor(missed.pinged)) behind.pinged.set(of, pinged);
  if (now - all > believedFor(Math.max(missed.asked, missed.pinged))) behind.asked.set(of, all);
}

/** Null when what is on record of an object is believed; else up to when it was judged. */
export function believes(believed: Believed, { id, node, pinged }: Pick<KnownObject, 'id' | 'node' | 'pinged'>): number | null {
  if (believed.all) return null;
  const which = pinged === true ? 'pinged' : 'asked';
  if (node !== null) return believed.nodes[which].get(node) ?? null;
  return believed.own[which].get(partitionOf(id, believed.partitions)) ?? null;
}

/** Null of this node's own, and of what is observed. */
export function unobservedOf(believed: Believed, object: Pick<KnownObject, 'id' | 'node' | 'pinged'>): Unobserved | null {
  if (object.node === null) return null;
  const until = believes(believed, object);
  const node = believed.known.get(object.node);
  if (until === null || node === undefined) return null;
  return { node: node.node, name: node.name, nameEn: node.nameEn, since: timestampOrNull(until === 0 ? null : until) };
}
