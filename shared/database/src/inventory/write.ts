/** Writing versions of entities: what an apply and a discovery have in common. Nothing is ever deleted. */
import type { DesiredEntity } from '@beacontower/contracts';
import { forgetAccounts } from '../accounting/forget.ts';
import { appendLog } from '../log.ts';
import type { Queryable, Transaction } from '../pool.ts';
import type { EntityReference, Origin } from './plan.ts';

/** Only one change of the inventory at a time; any fixed number will do. */
const INVENTORY_LOCK = 0x62740001;

export interface ApplyOptions {
  /** Epoch ms from which the new versions are valid. */
  readonly now: number;
  /** Who did it, for the record and the audit. */
  readonly by: string;
  /** Where it was done from, for the audit: a command, an address. */
  readonly source?: string | null;
}

/** An entity as it shall be from now on. */
export interface FreshEntity extends EntityReference {
  readonly body: DesiredEntity['body'];
}

/** Versions to be written: new ones, those in the place of others, and ends. */
export interface VersionChanges {
  readonly added: readonly FreshEntity[];
  readonly changed: readonly FreshEntity[];
  readonly retired: readonly EntityReference[];
  readonly origin: Origin;
}

/** How many entities of each sort were written. */
export interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly retired: number;
}

/**
 * Keeps others from changing the inventory until the transaction ends. Returns the moment the change is valid from: `now`, or later when
 * the clock stepped back since the last change, since versions of one entity must not overlap.
 */
export async function lockInventory(tx: Transaction, now: number): Promise<number> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [INVENTORY_LOCK]);
  const result = await tx.query<{ at: number }>('SELECT applied_at AS at FROM inventory_version');
  return Math.max(now, (result.rows[0]?.at ?? 0) + 1);
}

/** Writes what changes, set by set, with keys for checks that have none yet. */
export async function writeVersions(tx: Transaction, changes: VersionChanges, options: ApplyOptions): Promise<ChangeCounts> {
  const { added, changed, retired, origin } = changes;
  const fresh = [...added, ...changed];
  await closeVersions(tx, [...changed, ...retired], options);
  await insertVersions(tx, fresh, origin, options);
  await allocateCheckKeys(tx, fresh, options.now);
  // Days before it are as they were; a clock that stepped back may have it begin in one that is accounted already.
  const objects = [...fresh, ...retired].filter(({ entity }) => entity === 'object');
  await forgetAccounts(
    tx,
    objects.map(({ id }) => ({ objectId: id, from: options.now, to: null, exact: true })),
  );
  return { added: added.length, changed: changed.length, retired: retired.length };
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

async function insertVersions(tx: Transaction, fresh: readonly FreshEntity[], origin: Origin, options: ApplyOptions): Promise<void> {
  if (fresh.length === 0) return;
  await tx.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
     SELECT entity, id, $4, body, $5, $5, $6 FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS n (entity, id, body)`,
    [
      fresh.map((row) => row.entity),
      fresh.map((row) => row.id),
      fresh.map((row) => JSON.stringify(row.body)),
      origin,
      options.now,
      options.by,
    ],
  );
}

/** A key is given once and for ever; a check that returns finds its own again. */
async function allocateCheckKeys(tx: Transaction, fresh: readonly FreshEntity[], at: number): Promise<void> {
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

/** A change of the inventory as a whole. `action` names it in the audit. */
export interface FinishedChange {
  readonly action: 'inventory.apply' | 'inventory.discover' | 'inventory.import';
  readonly version: number;
  readonly counts: ChangeCounts;
}

/** Makes what was written the next version of the inventory, tells the log, and writes the audit. */
export async function finishChange(tx: Queryable, { action, version, counts }: FinishedChange, options: ApplyOptions): Promise<void> {
  await tx.query('UPDATE inventory_version SET version = $1, applied_at = $2, applied_by = $3', [version, options.now, options.by]);
  await appendLog(tx, [{ kind: 'inventory', subject: 'inventory', body: { version, ...counts }, eventAt: options.now }], options.now);
  await tx.query('INSERT INTO audit (at, actor, source, action, object, result, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)', [
    options.now,
    options.by,
    options.source ?? null,
    action,
    `inventory version ${version}`,
    'done',
    JSON.stringify(counts),
  ]);
}
