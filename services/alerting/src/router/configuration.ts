import {
  type Database,
  ObjectCache,
  type RoutingConfiguration,
  readInventoryVersion,
  readRoutingConfiguration,
} from '@beacontower/database';
import { type Directory, readDirectory } from '../directory.ts';

/** The inventory as the router needs it, all of one version. */
export interface Configured {
  readonly version: number;
  readonly directory: Directory;
  readonly rules: RoutingConfiguration;
}

/** Keeps the inventory in memory and reads it again when its version is another. */
export class Configuration {
  readonly #database: Database;
  readonly #objects = new ObjectCache();
  #kept: Configured | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  async current(): Promise<Configured> {
    const version = await readInventoryVersion(this.#database);
    if (this.#kept?.version === version) return this.#kept;
    const directory = await readDirectory(this.#database, this.#objects);
    this.#kept = { version, directory, rules: await readRoutingConfiguration(this.#database) };
    return this.#kept;
  }
}
