/** Nodes that are spoken of: the sender itself, and those that report to it. */
import type { NodePayload } from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';
import type { z } from 'zod';
import { readNodeIdentity } from '../inventory/index.ts';
import { type ApplyContext, NotApplicable } from './apply-context.ts';

type Node = z.infer<typeof NodePayload>;

/** Registers what a `node` line says; from then on the sender may speak of that node's objects. */
export async function applyNode(context: ApplyContext, told: Node): Promise<void> {
  const { tx, held, now } = context;
  if (!divisionCovers(held.division, told.division))
    throw new NotApplicable('out-of-scope', `${told.division} lies outside ${held.division}`, 0);
  if (told.id === held.node) return applySender(context, told);
  if (told.via === null || !context.nodes.has(told.via))
    throw new NotApplicable('out-of-scope', `${told.id} is said to report to a node that does not report here by this one`, 0);
  if ((await readNodeIdentity(tx))?.node === told.id) throw new NotApplicable('out-of-scope', `${told.id} is this node`, 0);
  const { rowCount } = await tx.query(
    `INSERT INTO federation_nodes AS n (node, via, name, name_en, division, time_zone, enrolled_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (node) DO UPDATE SET via = excluded.via, name = excluded.name, name_en = excluded.name_en, division = excluded.division,
       time_zone = excluded.time_zone, removed_at = NULL
     WHERE n.via = excluded.via OR n.removed_at IS NOT NULL`,
    [told.id, held.node, told.name, told.nameEn, told.division, told.timeZone, now],
  );
  if (rowCount === 0) throw new NotApplicable('out-of-scope', `${told.id} reports here itself, or by another node`, 0);
  context.nodes.set(told.id, told.division);
}

async function applySender({ tx, held }: ApplyContext, { name, nameEn, division, timeZone, via }: Node): Promise<void> {
  if (via !== null) throw new NotApplicable('out-of-scope', 'the sender reports here itself', 0);
  if (division !== held.division) throw new NotApplicable('out-of-scope', `the certificate speaks for ${held.division}`, 0);
  await tx.query('UPDATE federation_nodes SET name = $2, name_en = $3, time_zone = $4 WHERE node = $1', [
    held.node,
    name,
    nameEn,
    timeZone,
  ]);
}
