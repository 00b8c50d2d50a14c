import { appendLog, assertLeases, type Database, recordTransitions, writePartitionStates, writeWatermarks } from '@beacontower/database';
import type { CommitUnit, HeldPartition } from './judge.ts';

/**
 * Commits what several partitions have judged: transitions, current states, log rows, snapshots and offsets, in one
 * transaction that holds only while every partition's lease is still ours. Throws `FencedOut` otherwise, and nothing stays.
 */
export async function commitUnits(database: Database, units: readonly CommitUnit[], now: number): Promise<void> {
  await database.transaction(async (tx) => {
    await assertLeases(
      tx,
      units.map((unit) => unit.held.lease),
    );
    await recordTransitions(
      tx,
      units.flatMap((unit) => unit.effects.transitions.map((item) => ({ ...item, epoch: unit.held.lease.epoch }))),
      now,
    );
    await appendLog(
      tx,
      units.flatMap((unit) =>
        unit.effects.looked.map((body) => ({ kind: 'looked' as const, subject: body.object, body, eventAt: body.observedAt })),
      ),
      now,
    );
    await writePartitionStates(
      tx,
      units.map((unit) => ({
        partition: unit.held.partition.number,
        offset: unit.offset,
        snapshot: unit.snapshot,
        watermark: unit.watermark,
        agentsWatermark: unit.agentsWatermark,
        epoch: unit.held.lease.epoch,
      })),
      now,
    );
  });
}

/**
 * Says how far partitions are judged in which nothing changed since their last commit, without their snapshots. Throws `FencedOut`
 * when a lease is not ours any more.
 */
export async function sayWatermarks(database: Database, quiet: readonly HeldPartition[], now: number): Promise<void> {
  await database.transaction(async (tx) => {
    await assertLeases(
      tx,
      quiet.map((held) => held.lease),
    );
    await writeWatermarks(
      tx,
      quiet.map(({ partition, offset }) => ({ partition: partition.number, offset, ...partition.watermarks })),
      now,
    );
  });
}
