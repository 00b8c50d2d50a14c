/** What nodes below are told of incidents: what this tier, and those above it, do with what was opened there or was given to them. */
import type { IncidentLine, IncidentPayload } from '@beacontower/contracts';
import { type Affected, readAffected } from '../incidents/incidents.ts';
import type { Queryable } from '../pool.ts';
import { addDownwardItems, type NewDownwardItem } from './downward.ts';
import { type IncidentView, readIncidentViews, readLinesForBelow } from './incidents-view.ts';

const LINES = 500;
const FIRST = 20;

/** Nodes to which what becomes of an incident is told: by which each is reached. */
async function readRoutesBelow(tx: Queryable, nodes: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ node: string; by: string }>(
    `SELECT node, coalesce(via, node) AS by FROM federation_nodes WHERE node = ANY ($1) AND removed_at IS NULL`,
    [nodes],
  );
  return new Map(rows.map(({ node, by }) => [node, by]));
}

/**
 * Writes an item for every node that has to do with one of these incidents, in the caller's transaction. A node that only told of its own, of which
 * nobody here has said anything, is told nothing.
 */
export async function tellBelow(tx: Queryable, own: string, ids: readonly string[], now: number): Promise<number> {
  const wanted = [...new Set(ids)];
  const views = await readIncidentViews(tx, own, wanted, 'down');
  const concerned = [...views.values()].filter(({ home, handed }) => home !== null || handed.down !== null);
  if (concerned.length === 0) return 0;
  const routes = await readRoutesBelow(
    tx,
    concerned.flatMap(({ home, handed }) => [home, handed.down?.node].filter((node) => node !== null && node !== undefined)),
  );
  const open = concerned.map(({ id }) => id);
  const lines = await readLinesForBelow(tx, own, open, LINES);
  const affected = await readAffected(tx, open, FIRST);
  const items = concerned.flatMap((view): NewDownwardItem[] => {
    const said = lines.get(view.id) ?? [];
    if (!view.taken && said.length === 0 && view.handed.down === null) return [];
    const incident = payloadOf(view, affected.get(view.id), said);
    return targetsOf(view, routes).map((node) => ({ node, kind: 'incident', subject: view.id, payload: { incident }, by: 'system' }));
  });
  await addDownwardItems(tx, items, now);
  return items.length;
}

function payloadOf(view: IncidentView, affected: Affected | undefined, lines: readonly IncidentLine[]): IncidentPayload {
  const { total = 0, objects = [] } = affected ?? {};
  const incident = { ...view.facts, members: { total, first: [...objects] } };
  return { incident, tiers: view.tiers.slice(0, 8), escalated: null, lines: [...lines] };
}

/** One incident as it is told to a node that it is given to; null when it is not there. */
export async function readPayloadForBelow(tx: Queryable, own: string, id: string): Promise<IncidentPayload | null> {
  const view = (await readIncidentViews(tx, own, [id], 'down')).get(id);
  if (view === undefined) return null;
  const lines = await readLinesForBelow(tx, own, [id], LINES);
  return payloadOf(view, (await readAffected(tx, [id], FIRST)).get(id), lines.get(id) ?? []);
}

// To the one it was given to as long as that one has not sent it back.
function targetsOf({ home, handed: { down } }: IncidentView, routes: ReadonlyMap<string, string>): string[] {
  const nodes = [home, down !== null && (down.state === 'offered' || down.state === 'accepted') ? down.node : null];
  return [...new Set(nodes.flatMap((node) => (node === null ? [] : (routes.get(node) ?? []))))];
}

/** Those of the nodes that report here, themselves or through another. */
export async function readBelowAmong(db: Queryable, nodes: readonly string[]): Promise<Set<string>> {
  if (nodes.length === 0) return new Set();
  const { rows } = await db.query<{ node: string }>('SELECT node FROM federation_nodes WHERE node = ANY ($1)', [nodes]);
  return new Set(rows.map(({ node }) => node));
}
