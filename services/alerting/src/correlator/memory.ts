import type { CorrelationRecord } from '@beacontower/database';
import { createWorld, keepApart, replaceInventory, restoreFlapping, restoreIncident, touchUnplaced, type World } from '@beacontower/domain';
import { correlatedObjects, type Directory } from '../directory.ts';
import { Blasts } from './blasts.ts';

/** What the correlator holds in memory: all of it can be rebuilt from the record. */
export interface Memory {
  directory: Directory;
  readonly world: World;
  readonly blasts: Blasts;
  readonly watchedAnew: Map<string, { readonly transition: number; readonly sequence: number }>;
  /** Sequence of the last log entry taken into account. */
  sequence: number;
  /** Sequence that is in the record as such. */
  savedSequence: number;
  savedAt: number;
}

/** Rebuilds the memory; whatever is bad and was never decided about is touched, so that a restart leaves nobody untold. */
export function rebuildMemory(record: CorrelationRecord, directory: Directory, now: number): Memory {
  const world = createWorld(correlatedObjects(directory));
  for (const [id, status] of record.statuses) world.statuses.set(id, status);
  const blasts = new Blasts(directory);
  for (const { incident, blast } of record.incidents) {
    restoreIncident(world, incident);
    if (incident.severity !== 'warning') blasts.restore(incident.id, incident.cause, incident.symptoms, blast);
  }
  for (const { object, incident } of record.apart) keepApart(world, object, incident);
  restoreFlapping(world, record.flapping, record.changes, now);
  for (const [object, incident] of record.leftOver) world.symptomOf.set(object, incident);
  for (const pending of record.pending) world.pending.set(pending.object, pending);
  touchUnplaced(world);
  return { directory, world, blasts, watchedAnew: new Map(), sequence: record.sequence, savedSequence: record.sequence, savedAt: now };
}

/** Puts another inventory, told of in the log at `sequence`, in the place of the present one. */
export function changeInventory(memory: Memory, directory: Directory, sequence: number): void {
  const { world, blasts, watchedAnew } = memory;
  const unwatched = [...world.objects.values()].filter(({ quiet }) => quiet).map(({ id }) => id);
  memory.directory = directory;
  blasts.useDirectory(directory);
  replaceInventory(world, correlatedObjects(directory));
  for (const id of unwatched) {
    const status = world.statuses.get(id);
    if (status && !world.objects.get(id)?.quiet) watchedAnew.set(id, { transition: status.transition, sequence });
  }
}
