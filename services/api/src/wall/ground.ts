import type { DivisionBody, EntityBody, ObjectiveBody } from '@beacontower/contracts';
import { type Database, readCurrentEntities, readInventoryVersion } from '@beacontower/database';

/** What of a wall is the same for as long as the inventory is. */
export interface Ground {
  readonly version: number;
  readonly node: EntityBody<'node'> | null;
  readonly divisions: readonly DivisionBody[];
  readonly objectives: readonly ObjectiveBody[];
}

/** Reads it when the inventory is another one, and once for all who ask meanwhile. */
export class GroundReader {
  readonly #db: Database;
  #ground: Ground | undefined;
  #reading: Promise<Ground> | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  async read(): Promise<Ground> {
    const version = await readInventoryVersion(this.#db);
    if (this.#ground?.version === version) return this.#ground;
    this.#reading ??= this.#read(version).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(version: number): Promise<Ground> {
    const db = this.#db;
    const [[node], divisions, objectives] = await Promise.all([
      readCurrentEntities(db, 'node'),
      readCurrentEntities(db, 'division'),
      readCurrentEntities(db, 'objective'),
    ]);
    this.#ground = { version, node: node ?? null, divisions, objectives };
    return this.#ground;
  }
}
