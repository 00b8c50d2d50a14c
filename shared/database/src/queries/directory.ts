import type { Directory } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope, scopeTouches } from './conditions.ts';

/** Roles that may act on an incident. */
const ACTING = ['operator', 'duty-manager'];

interface EntityRow {
  readonly entity: 'contact' | 'party' | 'division';
  readonly id: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly accounts: string[] | null;
  readonly [column: string]: unknown;
}

/** Names of today's contacts and parties (they are of the node), and of the divisions and accounts that have to do with the scope. `caller`: who asks. */
export async function readDirectory(db: Queryable, caller: string, scope: Scope): Promise<Directory> {
  const result = await db.query<EntityRow>(
    `SELECT entity, id, coalesce(name, id) AS name, body ->> 'nameEn' AS "nameEn", body -> 'accounts' AS accounts FROM inventory
     WHERE entity IN ('contact', 'party', 'division') AND superseded_at IS NULL AND valid_to IS NULL ORDER BY id`,
  );
  const of = (entity: EntityRow['entity']) => result.rows.filter((row) => row.entity === entity);
  const named = ({ id, name, nameEn }: EntityRow) => ({ id, name, nameEn });
  const contacts = of('contact').map(({ id, name, accounts }) => ({ id, name, accounts: accounts ?? [] }));
  const meant = contacts.filter(({ id, accounts }) => id === caller || accounts.includes(caller));
  return {
    me: [...new Set([caller, ...meant.flatMap(({ id, accounts }) => [id, ...accounts])])],
    contacts,
    accounts: await actingAccounts(db, scope),
    parties: of('party').map(named),
    divisions: of('division')
      .filter(({ id }) => scopeTouches(scope, id))
      .map(named),
  };
}

/** Who may act on incidents of the scope: an account that covers some of it, or lies in it. */
async function actingAccounts(db: Queryable, scope: Scope): Promise<Directory['accounts']> {
  const where = new Conditions();
  where.add(`disabled_at IS NULL AND roles && ${where.value(ACTING)}::text[]`);
  const result = await db.query<{ name: string; displayName: string; divisions: string[] }>(
    `SELECT name, display_name AS "displayName", divisions FROM accounts ${where} ORDER BY name`,
    where.values,
  );
  return result.rows
    .filter(({ divisions }) => divisions.some((division) => scopeTouches(scope, division)))
    .map(({ name, displayName }) => ({ name, displayName }));
}
