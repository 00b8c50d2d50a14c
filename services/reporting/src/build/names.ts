import { type Database, type EntityName, readEntityNames } from '@beacontower/database';
import type { Named } from '../model/model.ts';

/** Names of divisions, parties, objects and calendars, in both languages. What nobody named is called by its id. */
export class NameBook {
  readonly #db: Database;
  readonly #known = new Map<string, Named>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Names of the ids, each looked up once; in a map that has all of them. */
  async of(entity: 'division' | 'party' | 'object' | 'calendar', ids: Iterable<string>): Promise<(id: string) => Named> {
    const key = (id: string) => `${entity} ${id}`;
    const wanted = [...new Set(ids)].filter((id) => !this.#known.has(key(id)));
    const found = await readEntityNames(this.#db, entity, wanted);
    for (const id of wanted) this.#known.set(key(id), named(id, found.get(id)));
    return (id) => this.#known.get(key(id)) ?? named(id, undefined);
  }
}

function named(id: string, found: EntityName | undefined): Named {
  const name = found?.name ?? id;
  return { id, name: { zh: name, en: found?.nameEn ?? name } };
}
