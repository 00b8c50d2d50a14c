/** The nodes whose objects are spoken of to the node above: this one, and those that report to it. */
import { NodeBody, type NodePayload } from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';
import type { z } from 'zod';
import type { Queryable } from '../pool.ts';

/** This node first; those below within the scope, each after the one it reports to. */
export async function readNodesTold(db: Queryable, node: string, division: string): Promise<z.infer<typeof NodePayload>[]> {
  const own = await db.query<{ body: unknown; english: string | null }>(
    `SELECT body FROM inventory WHERE entity = 'node' AND id = $1 AND superseded_at IS NULL AND valid_to IS NULL`,
    [node],
  );
  const body = own.rows[0] === undefined ? null : NodeBody.parse(own.rows[0].body);
  const { rows } = await db.query<{
    node: string;
    via: string | null;
    name: string;
    english: string | null;
    division: string;
    zone: string;
  }>(
    `SELECT node, via, name, name_en AS english, division, time_zone AS zone FROM federation_nodes WHERE removed_at IS NULL ORDER BY via NULLS FIRST, node`,
  );
  const itself = { id: node, name: body?.name ?? node, nameEn: null, division, timeZone: body?.timeZone ?? 'UTC', via: null };
  const below = rows.filter((row) => divisionCovers(division, row.division));
  return [
    itself,
    ...below.map((row) => ({
      id: row.node,
      name: row.name,
      nameEn: row.english,
      division: row.division,
      timeZone: row.zone,
      via: row.via ?? node,
    })),
  ];
}
