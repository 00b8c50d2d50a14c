import { randomUUID } from 'node:crypto';
import { NewToken, type RoleName } from '@beacontower/contracts';
import { appendAudit, type Database, hashToken, insertToken, newToken } from '@beacontower/database';
import { UserError } from '@beacontower/runtime';

export interface TokenRequest {
  readonly name: string;
  readonly roles: readonly string[];
  readonly divisions: readonly string[];
}

/** Makes an API token; the answer is the only place where it ever stands. Its SHA-256 is stored. */
export async function createToken(database: Database, request: TokenRequest, now: number): Promise<string> {
  const parsed = NewToken.safeParse({ ...request, roles: request.roles, divisions: request.divisions });
  if (!parsed.success) throw new UserError(parsed.error.issues.map((issue) => `--${String(issue.path[0])}: ${issue.message}`).join('; '));
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

export const BOOTSTRAP_ROLES: readonly RoleName[] = ['operator', 'system-administrator'];

/** True when nobody has a token yet. */
export async function hasNoToken(database: Database): Promise<boolean> {
  const result = await database.query('SELECT 1 FROM api_tokens LIMIT 1');
  return result.rowCount === 0;
}
