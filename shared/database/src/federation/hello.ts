/** Hello: which incarnation of a node speaks, and from where it is to go on. */
import { type Hello, type LogPlace, NO_HASH } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { type FederatedNode, REFUSAL_LEFT } from './place.ts';

/** What a hello leads to. */
export type Introduced =
  | { readonly outcome: 'known'; readonly resume: LogPlace | null; readonly previous: LogPlace | null }
  | { readonly outcome: 'superseded' }
  /** It has less of its log than is applied here: a back-up was restored there. */
  | { readonly outcome: 'behind'; readonly resume: LogPlace };

/**
 * Introduces an incarnation, with the node's row locked. A new one takes the place of the one before, which is not heard again; what that one
 * told stays.
 */
export async function introduce(tx: Queryable, held: FederatedNode, hello: Hello, now: number): Promise<Introduced> {
  const { node, incarnation } = held;
  if (incarnation === hello.incarnation) {
    const resume = { incarnation, sequence: held.sequence, hash: held.hash ?? NO_HASH };
    if (hello.log.last < held.sequence) return { outcome: 'behind', resume };
    await note(tx, node, hello, now);
    return { outcome: 'known', resume: held.sequence === 0 ? null : resume, previous: null };
  }
  const { rows } = await tx.query('SELECT 1 FROM federation_incarnations WHERE node = $1 AND incarnation = $2', [node, hello.incarnation]);
  if (rows.length > 0) return { outcome: 'superseded' };
  const previous = incarnation === null ? null : { incarnation, sequence: held.sequence, hash: held.hash ?? NO_HASH };
  await tx.query(
    'UPDATE federation_incarnations SET superseded_at = $2, sequence = $3, hash = $4 WHERE node = $1 AND superseded_at IS NULL',
    [node, now, held.sequence, held.hash],
  );
  await tx.query('INSERT INTO federation_incarnations (node, incarnation, begun_at) VALUES ($1, $2, $3)', [node, hello.incarnation, now]);
  // The line that it was behind is one of the other log: how far behind it is in this one, its next snapshot says.
  await tx.query(
    `UPDATE federation_nodes SET incarnation = $2, sequence = 0, hash = NULL, snapshot_version = 0, observed_pending = '[]',
       behind_until = least(behind_until, 1), kept_until = CASE WHEN incarnation IS NULL THEN NULL ELSE greatest(kept_until, observed_pinged) END WHERE node = $1`,
    [node, hello.incarnation],
  );
  await note(tx, node, hello, now);
  return { outcome: 'known', resume: null, previous };
}

async function note(tx: Queryable, node: string, { software, capabilities, time }: Hello, now: number): Promise<void> {
  await tx.query(
    `UPDATE federation_nodes SET heard_at = $2, software = $3, capabilities = $4, offset_ms = $5, refused = ${REFUSAL_LEFT} WHERE node = $1`,
    [node, now, `${software.name} ${software.version}`, capabilities, time - now],
  );
}
