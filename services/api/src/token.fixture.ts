import type { RoleName } from '@beacontower/contracts';
import { type Database, hashToken, newToken } from '@beacontower/database';
import { NOW } from './test-harness.ts';

/** A token with any roles, those too that no token is given through the API. */
export async function putToken(
  database: Database,
  name: string,
  roles: readonly RoleName[],
  divisions: readonly string[],
): Promise<string> {
  const token = newToken();
  await database.query(
    `INSERT INTO api_tokens (id, name, hash, roles, divisions, created_at, created_by) VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, 'test')`,
    [name, hashToken(token), roles, divisions, NOW],
  );
  return token;
}
