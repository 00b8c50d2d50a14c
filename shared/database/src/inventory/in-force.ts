/** What the node runs by, as it may be shown: nothing of it holds a secret. */
import type { EntityKind } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import type { Origin } from './plan.ts';

/** How many entities of a kind are shown; the counts are of all. */
export const SHOWN_ENTITIES = 200;

/** The current entities of one kind. Epoch ms. */
export interface EntitiesInForce {
  readonly kind: EntityKind;
  readonly total: number;
  readonly byOrigin: Readonly<Partial<Record<Origin, number>>>;
  readonly items: readonly { readonly id: string; readonly origin: Origin; readonly validFrom: number; readonly body: unknown }[];
}

/** The inventory as it was applied last. `appliedAt` and `appliedBy` are null before the first apply. */
export interface InForce {
  readonly version: number;
  readonly appliedAt: number | null;
  readonly appliedBy: string | null;
  readonly kinds: readonly EntitiesInForce[];
}

/**
 * Reads what is in force. `scope` null: all of it; otherwise only what lies in those divisions, and nothing of what has no division
 * (channels, routes, contacts): that is the whole node's.
 */
export async function readInForce(db: Queryable, scope: Scope | null): Promise<InForce> {
  const { rows } = await db.query<{ version: number; appliedAt: number; appliedBy: string }>(
    'SELECT version, applied_at AS "appliedAt", applied_by AS "appliedBy" FROM inventory_version',
  );
  const [state] = rows;
  const never = state === undefined || state.appliedAt === 0;
  return {
    version: state?.version ?? 0,
    appliedAt: never ? null : state.appliedAt,
    appliedBy: never ? null : state.appliedBy,
    kinds: await readKinds(db, scope),
  };
}

async function readKinds(db: Queryable, scope: Scope | null): Promise<EntitiesInForce[]> {
  const where = current(scope);
  const counted = await db.query<{ kind: EntityKind; origin: Origin; count: number }>(
    `SELECT i.entity AS kind, i.origin, count(*)::int AS count FROM inventory i ${where} GROUP BY 1, 2 ORDER BY 1, 2`,
    where.values,
  );
  const kinds = [...new Set(counted.rows.map(({ kind }) => kind))];
  return Promise.all(
    kinds.map(async (kind) => {
      const origins = counted.rows.filter((row) => row.kind === kind);
      return {
        kind,
        total: origins.reduce((sum, { count }) => sum + count, 0),
        byOrigin: Object.fromEntries(origins.map(({ origin, count }) => [origin, count])),
        items: await readItems(db, scope, kind),
      };
    }),
  );
}

async function readItems(db: Queryable, scope: Scope | null, kind: EntityKind): Promise<EntitiesInForce['items']> {
  const where = current(scope);
  where.equal('i.entity', kind);
  const { rows } = await db.query<{ id: string; origin: Origin; validFrom: number; body: Record<string, unknown> }>(
    `SELECT i.id, i.origin, i.valid_from AS "validFrom", i.body FROM inventory i ${where} ORDER BY i.id LIMIT ${SHOWN_ENTITIES}`,
    where.values,
  );
  return rows.map((row) => ({ ...row, body: withoutSecrets(kind, row.body) }));
}

function current(scope: Scope | null): Conditions {
  const where = new Conditions();
  where.add('i.superseded_at IS NULL AND i.valid_to IS NULL');
  if (scope !== null) where.within('i.division', scope);
  return where;
}

const HIDDEN = '(hidden)';

/**
 * Secrets are referred to, never written, but for the seal of a credential. What a gateway is sent and the query of an address may hold a
 * token all the same: somebody wrote it there.
 */
export function withoutSecrets(kind: EntityKind, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (kind === 'credential') return { ...body, sealed: HIDDEN };
  if (kind !== 'channel') return { ...body };
  const shown = Object.entries(body).map(([field, value]) => {
    if (['headers', 'query', 'body'].includes(field) && !isEmpty(value)) return [field, HIDDEN];
    if (field !== 'url' || typeof value !== 'string') return [field, value];
    return [field, value.replace(/[?#].*$/s, '?…').replace(/\/\/[^/@]*@/, '//…@')];
  });
  return Object.fromEntries(shown);
}

function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
