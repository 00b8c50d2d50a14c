import { randomUUID } from 'node:crypto';
import { NewToken, RESERVED_NAMES, TOKEN_ROLES } from '@beacontower/contracts';
import {
  appendAudit,
  type Database,
  findAccountByName,
  hashToken,
  insertToken,
  newToken,
  readCurrentEntities,
} from '@beacontower/database';
import { UserError } from '@beacontower/runtime';

export interface TokenRequest {
  readonly name: string;
  readonly roles: readonly string[];
  readonly divisions: readonly string[];
}

/**
 * Makes an API token; the answer is the only place where it ever stands. Its SHA-256 is stored. Throws a `UserError` for a role
 * that is none, and for a division that the inventory does not have: such a token would open nothing.
 */
export async function createToken(database: Database, request: TokenRequest, now: number): Promise<string> {
  const role = request.roles.find((name) => !(TOKEN_ROLES as readonly string[]).includes(name));
  if (role !== undefined) throw new UserError(`--role "${role}": expected ${TOKEN_ROLES.join(', ')}`);
  await requireDivisions(database, request.divisions);
  const parsed = NewToken.safeParse(request);
  if (!parsed.success) throw new UserError(parsed.error.issues.map(describe).join('; '));
  if (RESERVED_NAMES.includes(parsed.data.name.toLowerCase()))
    throw new UserError(`--name "${parsed.data.name}": a name of the system itself; choose another`);
  if (await findAccountByName(database, parsed.data.name))
    throw new UserError(`--name "${parsed.data.name}": a person has this name, and what the token does would read as done by them`);
  const token = newToken();
  const id = randomUUID();
  await database.transaction(async (tx) => {
    await insertToken(tx, id, parsed.data, hashToken(token), 'command line', now);
    await appendAudit(tx, {
      at: now,
      actor: 'command line',
      source: 'command line',
      action: 'token.create',
      object: id,
      result: 'done',
      detail: { name: parsed.data.name, roles: parsed.data.roles, divisions: parsed.data.divisions },
    });
  });
  return token;
}

/** The option of each field, and what it takes. */
const OPTIONS: Readonly<Record<string, string>> = {
  name: '--name: expected 1 to 100 characters',
  roles: '--role: expected each role once',
  divisions: '--division: expected dotted paths such as cn.gd, at most 100',
};

function describe(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return OPTIONS[String(issue.path[0])] ?? issue.message;
}

const SHOWN_DIVISIONS = 10;

/** Throws a `UserError` for a division that is not known: one that is neither in the inventory nor holds one that is. */
export async function requireDivisions(database: Database, divisions: readonly string[]): Promise<void> {
  if (divisions.every((division) => division === '')) return;
  const known = (await readCurrentEntities(database, 'division')).map(({ id }) => id).sort();
  const unknown = divisions.find((division) => !known.some((id) => division === '' || id === division || id.startsWith(`${division}.`)));
  if (unknown === undefined) return;
  const listed = known.slice(0, SHOWN_DIVISIONS).join(', ') || 'none yet';
  const more = known.length > SHOWN_DIVISIONS ? `, and ${known.length - SHOWN_DIVISIONS} more` : '';
  throw new UserError(`--division "${unknown}": the inventory has no such division; there are ${listed}${more}`);
}

export const BOOTSTRAP_ROLES: readonly (typeof TOKEN_ROLES)[number][] = ['operator', 'duty-manager', 'system-administrator'];

/** True when nobody has a token yet. */
export async function hasNoToken(database: Database): Promise<boolean> {
  const result = await database.query('SELECT 1 FROM api_tokens LIMIT 1');
  return result.rowCount === 0;
}
