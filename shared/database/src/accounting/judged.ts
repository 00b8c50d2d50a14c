import { type MonitoredObject, partitionOf } from '@beacontower/domain';
import { readNodeIdentity } from '../inventory/index.ts';
import type { Queryable } from '../pool.ts';
import { readComposed } from '../record/composed.ts';
import { readWatermarks } from '../record/partition-states.ts';

/** A live figure is cut here at most this far before now; what lags more than that is unknown, not carried on. */
const TOLERATED_LAG_MS = 120_000;

/** Up to when each object has been judged, and the common moment up to which a figure can be given. */
export interface Judged {
  /** Epoch ms: figures that would reach beyond are cut here. */
  readonly asOf: number;
  /** Of an object that is pinged only ICMP counts: its agent, asked far less often, makes it neither up nor down. */
  untilFor(objectId: string, pinged: boolean): number;
  /** Up to when all objects of a sort have been judged, whatever their partition. */
  untilForAll(pinged: boolean): number;
  /** Up to when what was judged of members of that sort is in their composites; without end where there is no composer. */
  composedUntil(pinged: boolean): number;
}

/** Reads how far the pipeline has judged. Before the first judgement everything is unknown. */
export async function readJudged(db: Queryable, now: number): Promise<Judged> {
  const identity = await readNodeIdentity(db);
  const watermarks = await readWatermarks(db);
  const composed = await readComposed(db);
  const partitions = identity?.partitions ?? 1;
  const of = (partition: number, which: 'pinged' | 'all') => Math.min(now, watermarks.get(partition)?.[which] ?? 0);
  const least = (which: 'pinged' | 'all') => Math.min(...Array.from({ length: partitions }, (_, partition) => of(partition, which)));
  return {
    asOf: Math.max(least('pinged'), now - TOLERATED_LAG_MS),
    untilFor: (objectId, pinged) => of(partitionOf(objectId, partitions), pinged ? 'pinged' : 'all'),
    untilForAll: (pinged) => least(pinged ? 'pinged' : 'all'),
    composedUntil: (pinged) => composed?.[pinged ? 'pinged' : 'all'] ?? Number.POSITIVE_INFINITY,
  };
}

/** Whether ICMP says of the object if it is up or down. Of a circuit whose ends are watched, these do as well. */
export function isPinged(object: Pick<MonitoredObject, 'checks'>): boolean {
  return object.checks.some(({ kind }) => kind === 'icmp') && !object.checks.some(({ kind }) => kind === 'interface');
}
