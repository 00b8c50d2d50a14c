import type { Database } from '@beacontower/database';
import type { DivisionLookup } from './events.ts';

const MOST_INCIDENTS = 10_000;

interface Row {
  readonly row: number;
  readonly id: string;
  readonly division: string;
  readonly [column: string]: unknown;
}

/** Divisions of objects and incidents. Objects are read whole the first time, and from then on what of the inventory is new. */
export class DivisionCache implements DivisionLookup {
  readonly #db: Database;
  readonly #objects = new Map<string, string>();
  #lastRow = 0;
  #isStale = true;
  #reading: Promise<void> | undefined;
  readonly #incidents = new Map<string, string>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** To be called when the inventory has changed. */
  changed(): void {
    this.#isStale = true;
  }

  async object(id: string): Promise<string | null> {
    while (this.#isStale) {
      this.#reading ??= this.#readObjects().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
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

  // Rows are numbered in the order of their commits, and the later one of an object says where it is; those of an import are of the past.
  async #readObjects(): Promise<void> {
    this.#isStale = false;
    try {
      const { rows } = await this.#db.query<Row>(
        `SELECT row_id AS row, id, division FROM inventory
         WHERE entity = 'object' AND superseded_at IS NULL AND row_id > $1 AND ($1 > 0 OR valid_to IS NULL) AND origin <> 'import' ORDER BY row_id`,
        [this.#lastRow],
      );
      for (const { id, division } of rows) this.#objects.set(id, division);
      this.#lastRow = rows.at(-1)?.row ?? this.#lastRow;
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }
}
