/** Brings the stored inventory to what is wanted: one transaction, set by set, nothing deleted. */
import type { Database, Queryable } from '../pool.ts';
import { createNodeIdentity, DEFAULT_PARTITIONS, readNodeIdentity } from './identity.ts';
import { type Desired, type InventoryPlan, planInventory, type StoredEntity } from './plan.ts';
import { readInventoryVersion } from './read.ts';
import { type ApplyOptions, finishChange, lockInventory, writeVersions } from './write.ts';

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
  return planInventory(await readStored(db, desired), await readNodeIdentity(db), desired);
}

/**
 * Applies an inventory. Idempotent: a second call with the same entities writes nothing. Touches rows of its own origin only.
 * After it resolves with `applied`, tell the partitions (`InventoryChanged` into each observation stream).
 */
export function applyInventory(db: Database, desired: Desired, options: ApplyOptions): Promise<ApplyResult> {
  return db.transaction(async (tx) => {
    const at = await lockInventory(tx, options.now);
    const identity = await readNodeIdentity(tx);
    const plan = planInventory(await readStored(tx, desired), identity, desired);
    const partitions = identity?.partitions ?? desired.partitions ?? DEFAULT_PARTITIONS;
    const version = await readInventoryVersion(tx);
    if (plan.refused.length > 0 || isEmpty(plan)) return { applied: false, version, at, partitions, plan };
    const node = desired.entities.find((entity) => entity.entity === 'node');
    if (identity === null && node !== undefined) await createNodeIdentity(tx, node.id, partitions, at);
    const done = { ...options, now: at };
    const counts = await writeVersions(tx, { ...plan, origin: desired.origin }, done);
    await finishChange(tx, { action: 'inventory.apply', version: version + 1, counts }, done);
    return { applied: true, version: version + 1, at, partitions, plan };
  });
}

const isEmpty = (plan: InventoryPlan): boolean => plan.added.length + plan.changed.length + plan.retired.length === 0;

/** The latest version of every entity, retired ones included: an id keeps its history. Of other nodes' objects only what is in the way. */
async function readStored(db: Queryable, { entities }: Desired): Promise<StoredEntity[]> {
  const result = await db.query<StoredEntity & { retiredAt: number | null }>(
    `SELECT DISTINCT ON (entity, id) entity, id, origin, body, valid_to AS "retiredAt"
     FROM inventory WHERE superseded_at IS NULL AND (remote IS NULL OR id = ANY ($1::text[])) ORDER BY entity, id, valid_from DESC`,
    [entities.flatMap(({ entity, id }) => (entity === 'object' ? [id] : []))],
  );
  return result.rows;
}
