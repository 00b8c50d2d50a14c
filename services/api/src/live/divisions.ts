import type { Database } from '@beacontower/database';
import type { DivisionLookup } from './events.ts';

const MOST_INCIDENTS = 10_000;

/** Divisions of objects and incidents, read when first asked for and kept until the inventory changes. */
export class DivisionCache implements DivisionLookup {
  readonly #db: Database;
  #objects: Map<string, string> | undefined;
  readonly #incidents = new Map<string, string>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** To be called when the inventory has changed. */
  forget(): void {
    this.#objects = undefined;
  }

  async object(id: string): Promise<string | null> {
    this.#objects ??= await this.#readObjects();
    const known = this.#objects.get(id);
    if (known !== undefined) return known;
    // One that has been retired: its last division.
    const result = await this.#db.query<{ division: string }>(
      "SELECT division FROM inventory WHERE entity = 'object' AND id = $1 AND superseded_at IS NULL ORDER BY valid_from DESC LIMIT 1",
      [id],
    );
    const division = result.rows[0]?.division ?? null;
    if (division !== null) this.#objects.set(id, division);
    return division;
  }

  async incident(id: string): Promise<string | null> {
    const known = this.#incidents.get(id);
    if (known !== undefined) return known;
    const result = await this.#db.query<{ division: string }>('SELECT division FROM incidents WHERE id = $1', [id]);
    const division = result.rows[0]?.division;
    if (division === undefined) return null;
    if (this.#incidents.size >= MOST_INCIDENTS) this.#incidents.clear();
    this.#incidents.set(id, division);
    return division;
  }

  async #readObjects(): Promise<Map<string, string>> {
    const result = await this.#db.query<{ id: string; division: string }>(
      "SELECT id, division FROM inventory WHERE entity = 'object' AND superseded_at IS NULL AND valid_to IS NULL",
    );
    return new Map(result.rows.map((row) => [row.id, row.division]));
  }
}
