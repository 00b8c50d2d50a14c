import { type AccountQuery, type AccountSummary, type Page, ROLES, timestamp, timestampOrNull } from '@beacontower/contracts';
import { isLocked } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import { decodeCursor, TextKey, toPage } from '../queries/cursor.ts';

interface Row {
  id: string;
  name: string;
  display_name: string;
  email: string | null;
  roles: string[];
  divisions: string[];
  locked_until: number | null;
  disabled_at: number | null;
  must_change: boolean;
  second_factor_since: number | null;
  oidc_subject: string | null;
  password_set_at: number | null;
  created_at: number;
  created_by: string;
  last_sign_in_at: number | null;
  revision: number;
  sessions: number;
}

const SELECT = `SELECT a.*, (SELECT count(*) FROM sessions s WHERE s.account_id = a.id AND s.ended_at IS NULL)::integer AS sessions
  FROM accounts a`;

/** Every division of `a` lies in the scope; who has none yet is everybody's to see. */
function within(conditions: Conditions, scope: Scope): void {
  if (scope.includes('')) return;
  conditions.add(`NOT EXISTS (SELECT FROM unnest(a.divisions) AS d (path) WHERE NOT ${conditions.coverage('d.path', scope)})`);
}

/** Accounts whose divisions all lie in the scope, by name. */
export async function listAccounts(db: Queryable, query: AccountQuery, scope: Scope, now: number): Promise<Page<AccountSummary>> {
  const after = decodeCursor('accounts', TextKey, query.cursor);
  const conditions = new Conditions();
  within(conditions, scope);
  if (after) conditions.add(`lower(a.name) > ${conditions.value(after[0])}`);
  if (query.q !== undefined) {
    const part = conditions.value(query.q.toLowerCase());
    conditions.add(`(strpos(lower(a.name), ${part}) > 0 OR strpos(lower(a.display_name), ${part}) > 0)`);
  }
  const limit = conditions.value(query.limit + 1);
  const result = await db.query<Row & { key: string }>(
    `SELECT *, lower(name) AS key FROM (${SELECT} ${conditions.toString()} ORDER BY lower(a.name) LIMIT ${limit}) AS page ORDER BY lower(name)`,
    conditions.values,
  );
  return toPage(
    result.rows,
    query.limit,
    'accounts',
    (row) => [row.key],
    (row) => viewOf(row, now),
  );
}

/** One of them; undefined when unknown or not inside the scope. */
export async function viewAccount(db: Queryable, id: string, scope: Scope, now: number): Promise<AccountSummary | undefined> {
  const conditions = new Conditions();
  conditions.equal('a.id', id);
  within(conditions, scope);
  const row = (await db.query<Row>(`${SELECT} ${conditions.toString()}`, conditions.values)).rows[0];
  return row && viewOf(row, now);
}

function viewOf(row: Row, now: number): AccountSummary {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    email: row.email,
    roles: ROLES.filter((role) => row.roles.includes(role)),
    divisions: row.divisions,
    state: stateOf(row, now),
    lockedUntil: isLocked({ lockedUntil: row.locked_until }, now) ? timestampOrNull(row.locked_until) : null,
    secondFactor: row.second_factor_since !== null,
    external: row.oidc_subject !== null,
    passwordSetAt: timestampOrNull(row.password_set_at),
    createdAt: timestamp(row.created_at),
    createdBy: row.created_by,
    lastSignInAt: timestampOrNull(row.last_sign_in_at),
    sessions: row.sessions,
    revision: row.revision,
  };
}

function stateOf(row: Row, now: number): AccountSummary['state'] {
  if (row.disabled_at !== null) return 'disabled';
  if (isLocked({ lockedUntil: row.locked_until }, now)) return 'locked';
  if (row.roles.length === 0 || row.divisions.length === 0) return 'no-rights';
  return row.must_change ? 'must-change' : 'active';
}
