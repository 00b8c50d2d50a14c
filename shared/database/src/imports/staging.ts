/** Lines of a CSV of outages in temporary tables of one transaction: a million of them are held against each other there, not in memory. */
import type { OutageRow } from '@beacontower/contracts';
import type { Transaction } from '../pool.ts';

/** A row with the line it stands on. */
export type StagedOutage = OutageRow & { readonly line: number };

/** For which objects the record is complete beside those it names a stretch for. */
export interface Covers {
  /** Those that the file names. */
  readonly named: boolean;
  /** All there were of this node: the past of others' objects is their nodes' to tell. */
  readonly all: boolean;
  readonly classes: readonly string[];
  readonly divisions: readonly string[];
}

export interface StretchSettings {
  /** The stretch for which the record is complete, epoch ms; null: only lines `complete` say one. */
  readonly stretch: { readonly from: number; readonly to: number } | null;
  readonly covers: Covers;
  /** Edge of a line that names none, ms. */
  readonly edgeMs: number;
}

/** How many lines go to the server at once. */
export const STAGED_AT_ONCE = 5000;

/** Makes the tables; they go with the transaction. */
export async function createStaging(tx: Transaction): Promise<void> {
  await tx.query(`
    CREATE TEMP TABLE staged (line integer NOT NULL, object text NOT NULL, starts bigint NOT NULL, ends bigint NOT NULL, state text NOT NULL,
      cause text, party text, cause_object text, incident text, planned boolean NOT NULL, note text, edge bigint NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE staged_object (object text PRIMARY KEY, line integer, validity int8multirange NOT NULL, composite boolean NOT NULL,
      covered boolean NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE staged_span (object text NOT NULL, starts bigint NOT NULL, ends bigint NOT NULL) ON COMMIT DROP;
    CREATE TEMP TABLE staged_change (object text NOT NULL, at bigint NOT NULL, earliest bigint NOT NULL, latest bigint NOT NULL,
      from_state text NOT NULL, to_state text NOT NULL, ends bigint) ON COMMIT DROP`);
}

/** Adds lines. An id without a node gets this node's, as in the configuration. */
export async function stageOutages(tx: Transaction, rows: readonly StagedOutage[], node: string, edgeMs: number): Promise<void> {
  const global = (id: string) => globalId(id, node);
  await tx.query(
    `INSERT INTO staged SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[], $11::text[], $12::bigint[])`,
    [
      rows.map((row) => row.line),
      rows.map((row) => global(row.object)),
      rows.map((row) => row.from),
      rows.map((row) => row.to),
      rows.map((row) => row.state),
      rows.map((row) => row.causeCategory),
      rows.map((row) => row.chargedParty),
      rows.map((row) => (row.causeObject === null ? null : global(row.causeObject))),
      rows.map((row) => row.incident),
      rows.map((row) => row.planned),
      rows.map((row) => row.note),
      rows.map((row) => row.edgeMs ?? edgeMs),
    ],
  );
}

/** `gd:core-1` of `core-1`; what has a node keeps it. */
export function globalId(id: string, node: string): string {
  return id.includes(':') ? id : `${node}:${id}`;
}

/** Works out which objects are concerned, when they were in commission, and over which spans the record of each is complete. */
export async function finishStaging(tx: Transaction, settings: StretchSettings): Promise<void> {
  await tx.query('CREATE INDEX ON staged (object, starts)');
  await tx.query('ANALYZE staged');
  const { covers, stretch } = settings;
  await tx.query(
    `INSERT INTO staged_object
     SELECT id, line, range_agg(span), bool_or(composite), bool_or(covered) FROM (
       SELECT i.id, n.line, int8range(i.valid_from, i.valid_to) AS span, i.body ? 'combines' AS composite,
         (n.line IS NOT NULL AND $1) OR (NOT (i.body ? 'combines') AND i.kind <> 'interface' AND ($2 OR i.class = ANY ($3)
           OR EXISTS (SELECT FROM unnest($4::text[]) AS d (path) WHERE i.division = d.path OR starts_with(i.division, d.path || '.')))) AS covered
       FROM inventory i LEFT JOIN (SELECT object, min(line) AS line FROM staged GROUP BY object) AS n ON n.object = i.id
       WHERE i.entity = 'object' AND i.superseded_at IS NULL AND i.remote IS NULL AND (i.valid_to IS NULL OR i.valid_to > i.valid_from)) AS o
     WHERE line IS NOT NULL OR covered GROUP BY id, line`,
    [covers.named, covers.all, covers.classes, covers.divisions],
  );
  await tx.query(
    `INSERT INTO staged_span
     SELECT o.object, lower(span), upper(span) FROM staged_object o
     LEFT JOIN (SELECT object, range_agg(int8range(starts, ends)) AS own FROM staged WHERE state = 'complete' GROUP BY object) AS c ON c.object = o.object,
     LATERAL unnest(o.validity * (coalesce(c.own, '{}') + CASE WHEN $3 AND o.covered THEN int8multirange(int8range($1, $2)) ELSE '{}' END)) AS span
     WHERE NOT o.composite`,
    [stretch?.from ?? 0, stretch?.to ?? 1, stretch !== null],
  );
  await tx.query('CREATE INDEX ON staged_span (object, starts)');
  await tx.query('ANALYZE staged_object');
  await tx.query('ANALYZE staged_span');
}
