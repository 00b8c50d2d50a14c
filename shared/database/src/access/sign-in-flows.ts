import type { Queryable } from '../pool.ts';

/** What a browser left with for the identity provider, and has to come back to. */
export interface SignInFlow {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636). */
  readonly verifier: string;
  /** Address within the console to go on to. */
  readonly to: string;
}

/** Flows under way at once, all browsers together: more are somebody's flood. */
const MOST_FLOWS = 5_000;

/** Stores a flow under the hash of its cookie; false when there are too many. Those whose time is over are forgotten. */
export async function insertSignInFlow(db: Queryable, hash: Buffer, flow: SignInFlow, now: number, expiresAt: number): Promise<boolean> {
  await db.query('DELETE FROM sign_in_flows WHERE expires_at <= $1', [now]);
  const result = await db.query(
    `INSERT INTO sign_in_flows (hash, body, expires_at) SELECT $1::bytea, $2::jsonb, $3::bigint WHERE (SELECT count(*) FROM sign_in_flows) < ${MOST_FLOWS}`,
    [hash, JSON.stringify(flow), expiresAt],
  );
  return result.rowCount === 1;
}

/** Takes a flow: it is good once. */
export async function takeSignInFlow(db: Queryable, hash: Buffer, now: number): Promise<SignInFlow | undefined> {
  const result = await db.query<{ body: SignInFlow; expires_at: number }>(
    'DELETE FROM sign_in_flows WHERE hash = $1 RETURNING body, expires_at',
    [hash],
  );
  const row = result.rows[0];
  return row && row.expires_at > now ? row.body : undefined;
}
