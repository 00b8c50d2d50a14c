/** The first line of a log: which other log of the same node it goes on from. */
import { type IncarnationPayload, type LogPlace, NO_HASH } from '@beacontower/contracts';
import type { z } from 'zod';
import { readNodeIdentity } from '../inventory/identity.ts';
import type { Queryable } from '../pool.ts';
import { type ApplyContext, NotApplicable } from './apply-context.ts';
import { tellBelow } from './incidents-below.ts';
import type { FederatedNode } from './place.ts';

/**
 * Notes from where the log goes on, which must be a place that is remembered here: of a back-up that was never told of, nobody could say
 * what lies between. What the log before told beyond that place stays.
 */
export async function applyIncarnation(
  { tx, held, later, now }: ApplyContext,
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
  const ask = () => askUnderWay(tx, held, now);
  if (later === undefined) await ask();
  else later.push(ask);
}

// A node that was restored does not know what it opened since its back-up was made: asked about each, it says so, and they end here.
async function askUnderWay(tx: Queryable, { node, capabilities }: FederatedNode, now: number): Promise<void> {
  if (!capabilities.includes('incidents') || !capabilities.includes('hand-over')) return;
  const { rows } = await tx.query<{ id: string }>('SELECT id FROM incidents WHERE home = $1 AND resolved_at IS NULL ORDER BY number', [
    node,
  ]);
  const own = (await readNodeIdentity(tx))?.node ?? '';
  await tellBelow(
    tx,
    own,
    rows.map(({ id }) => id),
    now,
    true,
  );
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
