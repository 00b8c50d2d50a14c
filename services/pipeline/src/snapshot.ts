import { STATES } from '@beacontower/domain';
import { packValue, unpackValue } from '@beacontower/queue';
import { z } from 'zod';
import type { PartitionSnapshot } from './partition.ts';

const state = z.enum(STATES);
const moment = z.number().nullable();
const run = z.object({ count: z.number(), confirmed: z.number(), first: z.number(), after: moment });

const CheckStateSchema = z.object({
  state,
  lastAt: z.number(),
  lookedTick: z.number(),
  lastGood: moment,
  lastBad: moment,
  bad: run,
  good: run,
  level: run,
});

const Snapshot = z.object({
  format: z.literal(1),
  checks: z.array(z.tuple([z.number(), CheckStateSchema])),
  objects: z.array(z.tuple([z.string(), state, z.number(), z.array(z.number())])),
  shards: z.array(z.tuple([z.string(), z.number(), z.number()])),
});

/** Packs a partition's memory for its row in PostgreSQL. */
export function packSnapshot(snapshot: PartitionSnapshot): Buffer {
  return packValue({ format: 1, ...snapshot });
}

/** Reads it back; throws on a format this version does not know. */
export function unpackSnapshot(bytes: Uint8Array): PartitionSnapshot {
  return Snapshot.parse(unpackValue(bytes));
}
