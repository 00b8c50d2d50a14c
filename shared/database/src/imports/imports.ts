import { appendAudit } from '../access/audit.ts';
import type { Queryable, Transaction } from '../pool.ts';

/** Imports go one after the other: each looks at what is recorded before it writes. Any fixed number will do. */
const IMPORT_LOCK = 0x62740003;

/** Who imports what; `sha256` is of the whole file. */
export interface ImportSource {
  readonly kind: 'inventory' | 'outages';
  /** Name of the file, without its path. */
  readonly file: string;
  readonly sha256: Uint8Array;
  readonly now: number;
  readonly by: string;
  /** Where it was done from, for the audit. */
  readonly source: string | null;
}

/** An import that was done. */
export interface DoneImport {
  readonly id: string;
  readonly file: string;
  readonly importedAt: number;
  readonly importedBy: string;
}

/** Thrown to end a transaction whose work is not wanted (a dry run, or faults), with what is to be told. */
export class RolledBack<T> extends Error {
  readonly outcome: T;

  constructor(outcome: T) {
    super('the transaction was taken back');
    this.name = 'RolledBack';
    this.outcome = outcome;
  }
}

/** Keeps other imports out until the transaction ends. */
export async function lockImports(tx: Transaction): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
}

/** The import of a file with the same bytes, if there was one. */
export async function findImport(db: Queryable, kind: ImportSource['kind'], sha256: Uint8Array): Promise<DoneImport | null> {
  const result = await db.query<{ id: string; file: string; importedAt: number; importedBy: string }>(
    `SELECT id, source AS file, imported_at AS "importedAt", imported_by AS "importedBy" FROM imports WHERE kind = $1 AND sha256 = $2`,
    [kind, Buffer.from(sha256)],
  );
  return result.rows[0] ?? null;
}

/** Writes the row of an import, before what refers to it. */
export async function insertImport(tx: Transaction, id: string, source: ImportSource, rows: number): Promise<void> {
  await tx.query('INSERT INTO imports (id, kind, source, sha256, rows, imported_at, imported_by) VALUES ($1, $2, $3, $4, $5, $6, $7)', [
    id,
    source.kind,
    source.file,
    Buffer.from(source.sha256),
    rows,
    source.now,
    source.by,
  ]);
}

/** Notes how fine an import's record is, ms, and the stretch that its transitions, written before, tell of. */
export async function noteResolution(tx: Transaction, id: string, resolutionMs: number): Promise<void> {
  await tx.query(
    `UPDATE imports SET resolution_ms = $2, covers_from = told.first, covers_to = told.last
     FROM (SELECT min(at) AS first, max(at) AS last FROM transitions WHERE import = $1) AS told WHERE id = $1`,
    [id, resolutionMs],
  );
}

/** The coarsest resolution of the imported records that tell of a part of `[from, to)`, ms; 0 when none does. */
export async function importedResolution(db: Queryable, from: number, to: number): Promise<number> {
  const { rows } = await db.query<{ ms: number | null }>(
    'SELECT max(resolution_ms) AS ms FROM imports WHERE covers_from < $2 AND covers_to > $1',
    [from, to],
  );
  return rows[0]?.ms ?? 0;
}

/** Leaves the audit row of an import. */
export async function auditImport(
  tx: Transaction,
  id: string,
  source: ImportSource,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await appendAudit(tx, {
    at: source.now,
    actor: source.by,
    source: source.source,
    action: `import.${source.kind}`,
    object: `import ${id}`,
    result: 'done',
    detail: { file: source.file, sha256: Buffer.from(source.sha256).toString('hex'), ...detail },
  });
}
