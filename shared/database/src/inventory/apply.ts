/** Brings the stored inventory to what is wanted: one transaction, set by set, nothing deleted. */
import type { DesiredEntity } from '@beacontower/contracts';
import { appendLog } from '../log.ts';
import type { Database, Queryable, Transaction } from '../pool.ts';
import { createNodeIdentity, DEFAULT_PARTITIONS, readNodeIdentity } from './identity.ts';
import {
  type AddedEntity,
  type ChangedEntity,
  type Desired,
  type EntityReference,
  type InventoryPlan,
  planInventory,
  type StoredEntity,
} from './plan.ts';
import { readInventoryVersion } from './read.ts';

/** Only one apply at a time; any fixed number will do. */
const APPLY_LOCK = 0x62740001;

export interface ApplyOptions {
  /** Epoch ms from which the new versions are valid. */
  readonly now: number;
  /** Who did it, for the record and the audit. */
  readonly by: string;
  /** Where it was done from, for the audit: a command, an address. */
  readonly source?: string | null;
}

/** `version` is the inventory's after the call. When `applied` is false nothing was written: refused, or nothing to do. */
export interface ApplyResult {
  readonly applied: boolean;
  readonly version: number;
  /** Valid time of the change, epoch ms; later than `now` only when the clock stood behind the last apply. */
  readonly at: number;
  readonly partitions: number;
  readonly plan: InventoryPlan;
}

/** What `applyInventory` would do. Reads only. */
export async function readInventoryPlan(db: Queryable, desired: Desired): Promise<InventoryPlan> {
  return planInventory(await readStored(db), await readNodeIdentity(db), desired);
}

/**
 * Applies an inventory. Idempotent: a second call with the same entities writes nothing. Touches rows of its own origin only.
 * After it resolves with `applied`, tell the partitions (`InventoryChanged` into each observation stream).
 */
export function applyInventory(db: Database, desired: Desired, options: ApplyOptions): Promise<ApplyResult> {
  return db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [APPLY_LOCK]);
    const identity = await readNodeIdentity(tx);
    const plan = planInventory(await readStored(tx), identity, desired);
    const partitions = identity?.partitions ?? desired.partitions ?? DEFAULT_PARTITIONS;
    const version = await readInventoryVersion(tx);
    // Versions of one entity must not overlap even when the clock stepped back between two applies.
    const at = Math.max(options.now, (await lastAppliedAt(tx)) + 1);
    if (plan.refused.length > 0 || isEmpty(plan)) return { applied: false, version, at, partitions, plan };
    const node = desired.entities.find((entity) => entity.entity === 'node');
    if (identity === null && node !== undefined) await createNodeIdentity(tx, node.id, partitions, at);
    await write(tx, plan, desired, { ...options, now: at });
    await finish(tx, plan, version + 1, { ...options, now: at });
    return { applied: true, version: version + 1, at, partitions, plan };
  });
}

const isEmpty = (plan: InventoryPlan): boolean => plan.added.length + plan.changed.length + plan.retired.length === 0;

/** The latest version of every entity, retired ones included: an id keeps its history. */
async function readStored(db: Queryable): Promise<StoredEntity[]> {
  const result = await db.query<StoredEntity & { retiredAt: number | null }>(
    `SELECT DISTINCT ON (entity, id) entity, id, origin, body, valid_to AS "retiredAt"
     FROM inventory WHERE superseded_at IS NULL ORDER BY entity, id, valid_from DESC`,
  );
  return result.rows;
}

async function lastAppliedAt(tx: Queryable): Promise<number> {
  const result = await tx.query<{ at: number }>('SELECT applied_at AS at FROM inventory_version');
  return result.rows[0]?.at ?? 0;
}

async function write(tx: Transaction, plan: InventoryPlan, desired: Desired, options: ApplyOptions): Promise<void> {
  const fresh = [...plan.added, ...plan.changed];
  await closeVersions(tx, [...plan.changed, ...plan.retired], options);
  await insertVersions(tx, fresh, desired, options);
  await allocateCheckKeys(tx, fresh, options.now);
}

/** A version that ends is superseded and written again with its end: what was believed before stays readable. */
async function closeVersions(tx: Transaction, ended: readonly EntityReference[], options: ApplyOptions): Promise<void> {
  if (ended.length === 0) return;
  await tx.query(
    `WITH ended AS (SELECT * FROM unnest($1::text[], $2::text[]) AS e (entity, id)),
          closed AS (UPDATE inventory i SET superseded_at = $3 FROM ended
                     WHERE i.entity = ended.entity AND i.id = ended.id AND i.superseded_at IS NULL AND i.valid_to IS NULL RETURNING i.*)
     INSERT INTO inventory (entity, id, origin, body, valid_from, valid_to, recorded_at, recorded_by)
     SELECT entity, id, origin, body, valid_from, $3, $3, $4 FROM closed`,
    [ended.map((row) => row.entity), ended.map((row) => row.id), options.now, options.by],
  );
}

async function insertVersions(
  tx: Transaction,
  fresh: readonly (AddedEntity | ChangedEntity)[],
  desired: Desired,
  options: ApplyOptions,
): Promise<void> {
  if (fresh.length === 0) return;
  await tx.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
     SELECT entity, id, $4, body, $5, $5, $6 FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS n (entity, id, body)`,
    [
      fresh.map((row) => row.entity),
      fresh.map((row) => row.id),
      fresh.map((row) => JSON.stringify(row.body)),
      desired.origin,
      options.now,
      options.by,
    ],
  );
}

/** A key is given once and for ever; a check that returns finds its own again. */
async function allocateCheckKeys(tx: Transaction, fresh: readonly (AddedEntity | ChangedEntity)[], at: number): Promise<void> {
  const checks = fresh.flatMap((row) =>
    row.entity === 'object' ? (row.body as Extract<DesiredEntity, { entity: 'object' }>['body']).checks : [],
  );
  if (checks.length === 0) return;
  await tx.query(
    `INSERT INTO checks (id, object_id, first_seen)
     SELECT id, object_id, $3 FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS c (id, object_id, position)
     WHERE NOT EXISTS (SELECT FROM checks k WHERE k.id = c.id) ORDER BY position`,
    [checks.map((check) => check.id), checks.map((check) => check.objectId), at],
  );
}

async function finish(tx: Transaction, plan: InventoryPlan, version: number, options: ApplyOptions): Promise<void> {
  const counts = { added: plan.added.length, changed: plan.changed.length, retired: plan.retired.length };
  await tx.query('UPDATE inventory_version SET version = $1, applied_at = $2, applied_by = $3', [version, options.now, options.by]);
  await appendLog(tx, [{ kind: 'inventory', subject: 'inventory', body: { version, ...counts }, eventAt: options.now }], options.now);
  await tx.query('INSERT INTO audit (at, actor, source, action, object, result, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)', [
    options.now,
    options.by,
    options.source ?? null,
    'inventory.apply',
    `inventory version ${version}`,
    'done',
    JSON.stringify(counts),
  ]);
}
