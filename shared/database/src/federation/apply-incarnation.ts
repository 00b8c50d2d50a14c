/** The first line of a log: which other log of the same node it goes on from. */
import { type IncarnationPayload, type LogPlace, NO_HASH } from '@beacontower/contracts';
import type { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { type ApplyContext, NotApplicable } from './apply-context.ts';

/**
 * Notes from where the log goes on, which must be a place that is remembered here: of a back-up that was never told of, nobody could say
 * what lies between. What the log before told beyond that place stays.
 */
export async function applyIncarnation(
  { tx, held }: ApplyContext,
  { incarnation, previous, knownUntil }: z.infer<typeof IncarnationPayload>,
): Promise<void> {
  if (incarnation !== held.incarnation)
    throw new NotApplicable('history-differs', 'the log is that of another incarnation than the one that said hello', 0);
  if (previous !== null && !(await isRemembered(tx, held.node, previous)))
    throw new NotApplicable('history-differs', 'the place that it goes on from is not known here: ask for the marks', 0);
  await tx.query('UPDATE federation_incarnations SET previous = $3, known_until = $4 WHERE node = $1 AND incarnation = $2', [
    held.node,
    incarnation,
    previous === null ? null : JSON.stringify(previous),
    knownUntil,
  ]);
}

async function isRemembered(tx: Queryable, node: string, { incarnation, sequence, hash }: LogPlace): Promise<boolean> {
  if (sequence === 0) return hash === NO_HASH;
  const { rows } = await tx.query(
    `SELECT FROM federation_marks WHERE node = $1 AND incarnation = $2 AND sequence = $3 AND hash = $4
     UNION ALL SELECT FROM federation_incarnations WHERE node = $1 AND incarnation = $2 AND sequence = $3 AND hash = $4`,
    [node, incarnation, sequence, hash],
  );
  return rows.length > 0;
}
