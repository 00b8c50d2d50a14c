import type { ObjectiveBody } from '@beacontower/contracts';
import { divisionCovers, type MonitoredObject, nodeOfObject, partitionOf } from '@beacontower/domain';
import { readNodeIdentity } from '../inventory/index.ts';
import type { Queryable } from '../pool.ts';
import { readComposed } from '../record/composed.ts';
import { type ObservedNode, readObservedNodes } from '../record/observed-nodes.ts';
import { readWatermarks } from '../record/partition-states.ts';

/** A live figure is cut here at most this far before now; what lags more than that is unknown, not carried on. */
const TOLERATED_LAG_MS = 120_000;

/** Up to when each object has been judged, and the common moment up to which a figure can be given. */
export interface Judged {
  /** Epoch ms: figures that would reach beyond are cut here. */
  readonly asOf: number;
  /** Other nodes, by id: their objects are judged there, and known here as far as their record has come. */
  readonly nodes: ReadonlyMap<string, ObservedNode>;
  /** Of an object that is pinged only ICMP counts: its agent, asked far less often, makes it neither up nor down. */
  untilFor(objectId: string, pinged: boolean): number;
  /** Up to when all objects of this node of a sort have been judged, whatever their partition. */
  untilForAll(pinged: boolean): number;
  /** Up to when what was judged of members of that sort is in a composite; without end where there is no composer. */
  composedUntil(composite: string, pinged: boolean): number;
}

/** Reads how far the pipeline has judged, here and at other nodes. Before the first judgement everything is unknown. */
export async function readJudged(db: Queryable, now: number): Promise<Judged> {
  const identity = await readNodeIdentity(db);
  const watermarks = await readWatermarks(db);
  const composed = await readComposed(db);
  const nodes = await readObservedNodes(db);
  const partitions = identity?.partitions ?? 1;
  const of = (partition: number, which: 'pinged' | 'all') => Math.min(now, watermarks.get(partition)?.[which] ?? 0);
  const least = (which: 'pinged' | 'all') => Math.min(...Array.from({ length: partitions }, (_, partition) => of(partition, which)));
  const cut = now - TOLERATED_LAG_MS;
  // One that is silent is unknown from where it stopped, wherever the figure ends: it holds up nobody else's.
  const heard = [...nodes.values()].map(({ pinged }) => pinged).filter((pinged) => pinged >= cut);
  return {
    asOf: Math.max(Math.min(least('pinged'), ...heard), cut),
    nodes,
    untilFor(objectId, pinged) {
      const node = nodes.get(nodeOfObject(objectId));
      if (node !== undefined) return Math.min(now, pinged ? node.pinged : node.all);
      return of(partitionOf(objectId, partitions), pinged ? 'pinged' : 'all');
    },
    untilForAll: (pinged) => least(pinged ? 'pinged' : 'all'),
    composedUntil: (composite, pinged) =>
      nodes.get(nodeOfObject(composite))?.composed ?? composed?.[pinged ? 'pinged' : 'all'] ?? Number.POSITIVE_INFINITY,
  };
}

/** Up to when an object of another node is judged and composed; null: it is this node's own. */
export function observedUntil(judged: Judged, objectId: string, { pinged, leans }: { pinged: boolean; leans: boolean }): number | null {
  const node = judged.nodes.get(nodeOfObject(objectId));
  if (node === undefined) return null;
  const until = judged.untilFor(objectId, pinged);
  return leans ? Math.min(until, node.composed) : until;
}

/**
 * Up to when the record of everything an objective may be about is here: of this node, and of those other nodes whose divisions or objects
 * it names. A node that was removed is waited for no more.
 */
export function recordedUntil(judged: Judged, about: About): number {
  const nodes = nodesOf(judged, about).filter(({ isRemoved }) => !isRemoved);
  return Math.min(judged.untilForAll(true), judged.untilForAll(false), ...nodes.flatMap(({ pinged, all }) => [pinged, all]));
}

/** The other nodes an objective may be about whose record does not come as far as `to`: what is theirs is unknown from where it ends. */
export function unobservedNodes(judged: Judged, about: About, to: number): ObservedNode[] {
  return nodesOf(judged, about).filter(({ pinged }) => pinged < to);
}

type About = Pick<ObjectiveBody, 'division' | 'objects'>;

function nodesOf(judged: Judged, { division, objects }: About): ObservedNode[] {
  const named = objects === null ? null : new Set(objects.map(nodeOfObject));
  return [...judged.nodes.values()].filter((node) =>
    named === null ? divisionCovers(division, node.division) || divisionCovers(node.division, division) : named.has(node.node),
  );
}

/** Whether ICMP says of the object if it is up or down. Of a circuit whose ends are watched, these do as well. */
export function isPinged(object: Pick<MonitoredObject, 'checks'>): boolean {
  return object.checks.some(({ kind }) => kind === 'icmp') && !object.checks.some(({ kind }) => kind === 'interface');
}
