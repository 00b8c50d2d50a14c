import { believedFor } from '@beacontower/domain';
import { readNodeIdentity } from '../inventory/index.ts';
import type { Queryable } from '../pool.ts';
import { readWatermarks } from '../record/partition-states.ts';
import type { KnownObject } from './known-objects.ts';

/** The longest outages that the checks of this inventory can miss, ms: of those by ICMP, and of those that agents tell. */
export interface Resolutions {
  readonly pinged: number;
  readonly asked: number;
}

export function resolutionsOf(objects: Iterable<Pick<KnownObject, 'pinged' | 'resolutionMs' | 'agentMs'>>): Resolutions {
  const longest = { pinged: 0, asked: 0 };
  for (const { pinged, resolutionMs, agentMs } of objects) {
    if (pinged === true) longest.pinged = Math.max(longest.pinged, resolutionMs);
    longest.asked = Math.max(longest.asked, agentMs, pinged === false ? resolutionMs : 0);
  }
  return longest;
}

/** What is believed of the states that are on record: those of a partition that is judged no more are not. Times are epoch ms. */
export interface Believed {
  readonly partitions: number;
  /** Every partition is. */
  readonly all: boolean;
  /** Up to when everything that is pinged has been judged; null: nothing ever was. */
  readonly judgedUpTo: number | null;
  /** Partition → up to when it was judged, where that is too long ago. */
  readonly pinged: ReadonlyMap<number, number>;
  readonly asked: ReadonlyMap<number, number>;
}

export async function readBelieved(db: Queryable, resolutions: Resolutions, now: number): Promise<Believed> {
  const [identity, watermarks] = [await readNodeIdentity(db), await readWatermarks(db)];
  const partitions = identity?.partitions ?? 1;
  const behind = { pinged: new Map<number, number>(), asked: new Map<number, number>() };
  let judgedUpTo = watermarks.size === 0 ? null : now;
  for (let partition = 0; partition < partitions; partition++) {
    const { pinged, all } = watermarks.get(partition) ?? { pinged: 0, all: 0 };
    if (now - pinged > believedFor(resolutions.pinged)) behind.pinged.set(partition, pinged);
    if (now - all > believedFor(Math.max(resolutions.asked, resolutions.pinged))) behind.asked.set(partition, all);
    if (judgedUpTo !== null) judgedUpTo = Math.min(judgedUpTo, pinged);
  }
  return { partitions, all: behind.pinged.size + behind.asked.size === 0, judgedUpTo, ...behind };
}

/** Null when what is on record of an object is believed; else up to when it was judged. */
export function believes({ pinged, asked }: Believed, partition: number, isPinged: boolean): number | null {
  return (isPinged ? pinged : asked).get(partition) ?? null;
}
