/** What belongs to an incident that other tiers tell of: who has it there, their lines of its timeline, its objects. */
import { forgetIncidentAccounts } from '../accounting/forget.ts';
import type { Queryable } from '../pool.ts';
import { nodeOfId } from './apply-inventory.ts';
import type { ToldOf } from './incidents-fold.ts';
import { ForeignIncident, type TellingNode } from './incidents-teller.ts';

/** Saves how far the work is at other tiers; of this one nobody else says it. Returns the incidents of which something is another now. */
export async function saveTiers(tx: Queryable, told: readonly ToldOf[], { own, nodes, now }: TellingNode): Promise<string[]> {
  const rows = told.flatMap(({ facts, tiers }) =>
    [...tiers.values()].filter(({ node }) => node !== own).map((body) => ({ incident: facts.id, node: body.node, body })),
  );
  const stranger = rows.find(({ node }) => nodes !== null && !nodes.has(node));
  if (stranger !== undefined) throw new ForeignIncident(stranger.incident, `the work of ${stranger.node} is not the teller's to tell`);
  if (rows.length === 0) return [];
  const { rows: written } = await tx.query<{ incident: string }>(
    `INSERT INTO incident_tiers (incident_id, node, body, updated_at)
     SELECT incident, node, body, $2 FROM jsonb_to_recordset($1) AS t (incident uuid, node text, body jsonb)
     ON CONFLICT (incident_id, node) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at
     WHERE incident_tiers.body IS DISTINCT FROM excluded.body RETURNING incident_id AS incident`,
    [JSON.stringify(rows), now],
  );
  return written.map(({ incident }) => incident);
}

/** Adds lines that are not there yet. Returns the incidents that got any. */
export async function insertToldLines(tx: Queryable, told: readonly ToldOf[], { own, nodes, now }: TellingNode): Promise<string[]> {
  const rows = told.flatMap(({ facts, lines }) =>
    lines.filter(({ node }) => node !== own).map((line) => ({ incident: facts.id, ...line })),
  );
  const stranger = rows.find(({ node }) => nodes !== null && !nodes.has(node));
  if (stranger !== undefined) throw new ForeignIncident(stranger.incident, `a line of ${stranger.node} is not the teller's to tell`);
  if (rows.length === 0) return [];
  const { rows: written } = await tx.query<{ incident: string }>(
    `INSERT INTO incident_events (incident_id, at, kind, actor, detail, node, line, received_at)
     SELECT incident, at, kind, actor, detail, node, id, $2
     FROM ROWS FROM (jsonb_to_recordset($1) AS (incident uuid, at bigint, kind text, actor text, detail jsonb, node text, id text))
       WITH ORDINALITY AS e (incident, at, kind, actor, detail, node, id, position) ORDER BY position
     ON CONFLICT (incident_id, line) WHERE line IS NOT NULL DO NOTHING RETURNING incident_id AS incident`,
    [JSON.stringify(rows), now],
  );
  return written.map(({ incident }) => incident);
}

/** Writes who was in incidents, from when to when. Returns the incidents in which somebody is, or was, otherwise than before. */
export async function insertToldMembers(tx: Queryable, told: readonly ToldOf[], { nodes }: TellingNode): Promise<string[]> {
  const rows = told.flatMap(({ facts, members }) => members.map((member) => ({ incident: facts.id, ...member })));
  const stranger = rows.find(({ object }) => nodes !== null && !nodes.has(nodeOfId(object)));
  if (stranger !== undefined) throw new ForeignIncident(stranger.incident, `${stranger.object} is an object of another node`);
  if (rows.length === 0) return [];
  const { rows: written } = await tx.query<{ incident: string; object: string }>(
    `INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at)
     SELECT incident, object, role, "joinedAt", "leftAt"
     FROM jsonb_to_recordset($1) AS m (incident uuid, object text, role text, "joinedAt" bigint, "leftAt" bigint)
     ON CONFLICT (incident_id, object_id, joined_at) DO UPDATE SET left_at = excluded.left_at, role = excluded.role
     WHERE incident_members.left_at IS DISTINCT FROM excluded.left_at OR incident_members.role <> excluded.role
     RETURNING incident_id AS incident, object_id AS object`,
    [JSON.stringify(rows)],
  );
  const ids = [...new Set(written.map(({ incident }) => incident))];
  await forgetIncidentAccounts(tx, ids, [...new Set(written.map(({ object }) => object))]);
  return ids;
}
