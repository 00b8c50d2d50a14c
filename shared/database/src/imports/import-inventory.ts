import { randomUUID } from 'node:crypto';
import { type InventoryRow, ObjectBody } from '@beacontower/contracts';
import { OBJECT_CLASSES, type ObjectClass, type ObjectKind } from '@beacontower/domain';
import { forgetAccounts } from '../accounting/forget.ts';
import { readInventoryVersion, readNodeIdentity } from '../inventory/index.ts';
import { finishChange, lockInventory } from '../inventory/write.ts';
import type { Database, Transaction } from '../pool.ts';
import { auditImport, type DoneImport, findImport, type ImportSource, insertImport, lockImports, RolledBack } from './imports.ts';
import { globalId } from './staging.ts';

export type StagedObject = InventoryRow & { readonly line: number };

export const INVENTORY_FAULTS = [
  'other-node',
  'unknown-division',
  'unknown-party',
  'needs-more',
  'needs-end',
  'kind-changed',
  'overlap',
  'overlap-in-file',
] as const;
export type InventoryFaultCode = (typeof INVENTORY_FAULTS)[number];

/** A fault with its line and the column it is about. `subject` is what was found; `at` a moment that matters, epoch ms. */
export interface InventoryFault {
  readonly code: InventoryFaultCode;
  readonly line: number;
  readonly column: 'id' | 'name' | 'kind' | 'division' | 'party' | 'from' | 'to';
  readonly subject: string;
  readonly at: number | null;
}

export type ImportInventoryResult =
  | {
      readonly outcome: 'imported' | 'dry-run';
      readonly id: string | null;
      readonly rows: number;
      readonly objects: number;
      readonly version: number;
    }
  | { readonly outcome: 'faults'; readonly faults: readonly InventoryFault[] }
  | { readonly outcome: 'known'; readonly done: DoneImport }
  | { readonly outcome: 'no-node' };

/** A version of the past, ready to be written. */
interface PastVersion {
  readonly body: ObjectBody;
  readonly from: number;
  readonly to: number;
}

/**
 * Takes in what objects there were in the past, as versions of the origin `import`: whole or not at all. What is known of an object
 * now is not touched. `isSound` false: the reader found faults of its own; nothing is written.
 */
export async function importInventory(
  db: Database,
  rows: readonly StagedObject[],
  source: ImportSource,
  options: { readonly dryRun: boolean; readonly isSound: boolean },
): Promise<ImportInventoryResult> {
  try {
    return await db.transaction(async (tx) => {
      const result = await work(tx, rows, source, options);
      if (result.outcome !== 'imported') throw new RolledBack<ImportInventoryResult>(result);
      return result;
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.outcome as ImportInventoryResult;
    throw error;
  }
}

async function work(
  tx: Transaction,
  rows: readonly StagedObject[],
  source: ImportSource,
  { dryRun, isSound }: { readonly dryRun: boolean; readonly isSound: boolean },
): Promise<ImportInventoryResult> {
  await lockImports(tx);
  const identity = await readNodeIdentity(tx);
  if (identity === null) return { outcome: 'no-node' };
  const done = await findImport(tx, 'inventory', source.sha256);
  if (done !== null) return { outcome: 'known', done };
  const now = await lockInventory(tx, source.now);
  const { versions, faults } = versionsOf(rows, identity.node, await readKnown(tx));
  if (faults.length > 0 || !isSound) return { outcome: 'faults', faults };
  const version = (await readInventoryVersion(tx)) + 1;
  const objects = new Set(versions.map(({ body }) => body.id)).size;
  if (dryRun) return { outcome: 'dry-run', id: null, rows: rows.length, objects, version };
  const id = randomUUID();
  await insertImport(tx, id, source, rows.length);
  await insertPast(tx, versions, { now, by: source.by });
  await forgetAccounts(
    tx,
    versions.map(({ body, from, to }) => ({ objectId: body.id, from, to })),
  );
  const counts = { added: versions.length, changed: 0, retired: 0 };
  await finishChange(tx, { action: 'inventory.import', version, counts }, { now, by: source.by, source: source.source });
  await auditImport(tx, id, source, { rows: rows.length, objects });
  return { outcome: 'imported', id, rows: rows.length, objects, version };
}

interface KnownVersion {
  readonly from: number;
  readonly to: number | null;
  readonly body: ObjectBody;
}

interface Known {
  readonly objects: ReadonlyMap<string, readonly KnownVersion[]>;
  readonly divisions: ReadonlySet<string>;
  readonly parties: ReadonlySet<string>;
}

async function readKnown(tx: Transaction): Promise<Known> {
  const { rows } = await tx.query<{ entity: string; id: string; body: unknown; from: number; to: number | null }>(
    `SELECT entity, id, CASE WHEN entity = 'object' THEN body END AS body, valid_from AS from, valid_to AS to FROM inventory
     WHERE entity IN ('object', 'division', 'party', 'node') AND superseded_at IS NULL AND remote IS NULL ORDER BY entity, id, valid_from`,
  );
  const objects = new Map<string, KnownVersion[]>();
  for (const { entity, id, body, from, to } of rows) {
    if (entity === 'object') objects.set(id, [...(objects.get(id) ?? []), { from, to, body: ObjectBody.parse(body) }]);
  }
  const ids = (wanted: string) => rows.filter(({ entity }) => entity === wanted).map(({ id }) => id);
  return { objects, divisions: new Set(ids('division')), parties: new Set(ids('party')) };
}

function versionsOf(rows: readonly StagedObject[], node: string, known: Known): { versions: PastVersion[]; faults: InventoryFault[] } {
  const versions: PastVersion[] = [];
  const faults: InventoryFault[] = [];
  const taken = new Map<string, { from: number; to: number; line: number; kind: ObjectKind | null }[]>();
  for (const row of rows) {
    const id = globalId(row.id, node);
    const before = faults.length;
    const fail = (code: InventoryFaultCode, column: InventoryFault['column'], subject: string, at: number | null = null) =>
      faults.push({ code, line: row.line, column, subject, at });
    if (!id.startsWith(`${node}:`)) fail('other-node', 'id', row.id);
    if (row.division !== null && !known.divisions.has(row.division)) fail('unknown-division', 'division', row.division);
    if (row.party !== null && !known.parties.has(row.party)) fail('unknown-party', 'party', row.party);
    const of = known.objects.get(id) ?? [];
    const later = of.find((version) => version.from > row.from);
    const to = row.to ?? later?.from ?? null;
    if (to === null) fail('needs-end', 'to', id);
    else {
      const collides = of.find((version) => version.from < to && (version.to === null || version.to > row.from));
      if (collides !== undefined) fail('overlap', 'from', id, collides.from);
      const own = taken.get(id) ?? [];
      const twin = own.find((other) => other.from < to && other.to > row.from);
      if (twin !== undefined) fail('overlap-in-file', 'from', String(twin.line), twin.from);
      own.push({ from: row.from, to, line: row.line, kind: row.kind });
      taken.set(id, own);
    }
    const base = (later ?? of.at(-1))?.body ?? null;
    const kind = row.kind ?? base?.kind ?? null;
    if (base !== null && kind !== base.kind) fail('kind-changed', 'kind', base.kind);
    const otherKind = (taken.get(id) ?? []).find((other) => other.kind !== null && row.kind !== null && other.kind !== row.kind);
    if (base === null && otherKind !== undefined) fail('kind-changed', 'kind', otherKind.kind ?? '');
    const body =
      kind === null || (row.name ?? base?.name) == null || (row.division ?? base?.division) == null ? null : bodyOf(row, id, kind, base);
    if (body === null) fail('needs-more', kind === null ? 'kind' : (row.name ?? base?.name) == null ? 'name' : 'division', id);
    if (faults.length === before && body !== null && to !== null) versions.push({ body, from: row.from, to });
  }
  return { versions, faults };
}

const CLASS_OF: Readonly<Partial<Record<ObjectKind, ObjectClass>>> = {
  device: 'backbone',
  circuit: 'backbone',
  'access-line': 'user-access',
  'internet-exit': 'internet-exit',
};

/** What it was then: nobody here probed it, and nothing is known of what it hung on. */
function bodyOf(row: StagedObject, id: string, kind: ObjectKind, base: ObjectBody | null): ObjectBody {
  return {
    id,
    kind,
    name: row.name ?? base?.name ?? id,
    division: row.division ?? base?.division ?? '',
    class: row.class ?? base?.class ?? CLASS_OF[kind] ?? (OBJECT_CLASSES.at(-1) as ObjectClass),
    party: row.party ?? base?.party ?? null,
    servingRule: 'any',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: [],
    weight: row.weight ?? base?.weight ?? 1,
    runbook: null,
    ...(base?.combines === undefined ? {} : { combines: base.combines }),
    attributes: base?.attributes ?? {},
  };
}

async function insertPast(
  tx: Transaction,
  versions: readonly PastVersion[],
  { now, by }: { readonly now: number; readonly by: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, valid_to, recorded_at, recorded_by)
     SELECT 'object', id, 'import', body, valid_from, valid_to, $5, $6 FROM unnest($1::text[], $2::jsonb[], $3::bigint[], $4::bigint[]) AS n (id, body, valid_from, valid_to)`,
    [
      versions.map(({ body }) => body.id),
      versions.map(({ body }) => JSON.stringify(body)),
      versions.map(({ from }) => from),
      versions.map(({ to }) => to),
      now,
      by,
    ],
  );
}
