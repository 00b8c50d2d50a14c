import type { MonitoredObject } from '@beacontower/domain';

/** The inventory as the pipeline needs it: one version, whole. */
export interface PipelineInventory {
  readonly version: number;
  readonly objects: readonly MonitoredObject[];
  /** Check id → key. */
  readonly keys: ReadonlyMap<string, number>;
}

/** Where the inventory comes from. */
export interface InventorySource {
  load(): Promise<PipelineInventory>;
  /** The version there is now; cheap, asked every few seconds. */
  version(): Promise<number>;
}

/** Tells the collectors the last verdicts of a partition's checks, so that they can see a change within the round. */
export interface VerdictBoard {
  /** Replaces all that is said of the partition. */
  replace(partition: number, verdicts: ReadonlyMap<number, string>): Promise<void>;
  /** Puts right what is said of the partition, should Redis have lost it or another have written over it. */
  verify(partition: number, verdicts: ReadonlyMap<number, string>): Promise<void>;
  /** Writes what differs from `before`. */
  update(partition: number, before: ReadonlyMap<number, string>, verdicts: ReadonlyMap<number, string>): Promise<void>;
}
