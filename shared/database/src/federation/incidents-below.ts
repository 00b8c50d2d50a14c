/** What nodes below are told of incidents: what this tier, and those above it, do with what was opened there or was given to them. */
import type { HandOverStanding, IncidentLine, IncidentPayload } from '@beacontower/contracts';
import { type Affected, readAffected } from '../incidents/incidents.ts';
import type { Queryable } from '../pool.ts';
import { addDownwardItems, type NewDownwardItem } from './downward.ts';
import type { ToldOf } from './incidents-fold.ts';
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

/** A hand-over of an incident to a node, as its latest item has it. */
interface GivenTo {
  readonly incident: string;
  readonly node: string;
  readonly number: number;
}

// Those who were asked and have not sent it back: also one from whom it was taken back since must hear of it.
async function readGiven(tx: Queryable, ids: readonly string[]): Promise<Map<string, GivenTo[]>> {
  const { rows } = await tx.query<{ [K in keyof GivenTo]: GivenTo[K] }>(
    `SELECT DISTINCT ON (subject, node) subject AS incident, node, number FROM federation_downward
     WHERE subject = ANY ($1) AND kind = 'hand-over' AND (outcome IS NULL OR outcome = 'accepted') ORDER BY subject, node, number DESC`,
    [ids],
  );
  const given = new Map<string, GivenTo[]>();
  for (const row of rows) given.set(row.incident, [...(given.get(row.incident) ?? []), row]);
  return given;
}

/**
 * Writes an item for every node that has to do with one of these incidents, in the caller's transaction. A node that only told of its own, of which
 * nobody here has said anything, is told nothing, unless it is `asked` whether it still knows them.
 */
export async function tellBelow(tx: Queryable, own: string, ids: readonly string[], now: number, asked = false): Promise<number> {
  const wanted = [...new Set(ids)];
  const views = await readIncidentViews(tx, own, wanted, 'down');
  const concerned = [...views.values()].filter(({ home, handed }) => home !== null || handed.down !== null);
  if (concerned.length === 0) return 0;
  const open = concerned.map(({ id }) => id);
  const given = await readGiven(tx, open);
  const routes = await readRoutesBelow(tx, [
    ...concerned.flatMap(({ home }) => home ?? []),
    ...[...given.values()].flat().map(({ node }) => node),
  ]);
  const lines = await readLinesForBelow(tx, own, open, LINES);
  const affected = await readAffected(tx, open, FIRST);
  const items = concerned.flatMap((view): NewDownwardItem[] => {
    const said = lines.get(view.id) ?? [];
    const to = given.get(view.id) ?? [];
    if (!asked && !view.taken && said.length === 0 && to.length === 0) return [];
    return itemsOf(view, payloadOf(view, affected.get(view.id), said), to, routes);
  });
  await addDownwardItems(tx, items, now);
  await refreshOffers(tx, concerned, items);
  return items.length;
}

function itemsOf(
  view: IncidentView,
  incident: IncidentPayload,
  given: readonly GivenTo[],
  routes: ReadonlyMap<string, string>,
): NewDownwardItem[] {
  const nodes = [view.home ?? [], ...given.map(({ node }) => node)].flat().flatMap((node) => routes.get(node) ?? []);
  return [...new Set(nodes)].map((node) => {
    const handOver = standingOf(
      view,
      given.find((each) => each.node === node),
    );
    return { node, kind: 'incident', subject: view.id, payload: { incident, handOver }, by: 'system' };
  });
}

// What was given to a node, and is not what counts now, was taken back.
function standingOf({ handed: { down } }: IncidentView, given: GivenTo | undefined): HandOverStanding | null {
  if (given === undefined) return null;
  const { number, node } = given;
  if (down?.number !== number || down.node !== node) return { number, state: 'withdrawn', by: null, at: null, note: null };
  return {
    number,
    state: down.state,
    by: down.answeredBy?.slice(0, 200) ?? null,
    at: down.answeredAt,
    note: down.answer?.slice(0, 2_000) ?? null,
  };
}

// An offer that is fetched late says how the incident stands then: of what is over meanwhile nobody is to be woken.
async function refreshOffers(tx: Queryable, views: readonly IncidentView[], items: readonly NewDownwardItem[]): Promise<void> {
  const offers = views.flatMap(({ id, handed: { down } }) => {
    const payload = items.find(({ subject, node }) => subject === id && node === down?.node)?.payload as { incident: unknown } | undefined;
    return down?.state === 'offered' && payload !== undefined ? [{ number: down.number, incident: payload.incident }] : [];
  });
  if (offers.length === 0) return;
  await tx.query(
    `UPDATE federation_downward d SET payload = d.payload || jsonb_build_object('incident', o.incident)
     FROM jsonb_to_recordset($1) AS o (number bigint, incident jsonb) WHERE d.number = o.number AND d.fetched_at IS NULL AND d.outcome IS NULL`,
    [JSON.stringify(offers)],
  );
}

/**
 * Tells a node what it could not know: of an incident that it works on as one of this node's, this node has no hand-over (a back-up was restored here), or does not know
 * it at all. Then it is over: what still lasts was opened anew.
 */
export async function tellNotGiven(tx: Queryable, node: string, own: string, told: readonly ToldOf[], now: number): Promise<void> {
  const items: NewDownwardItem[] = [];
  for (const { facts } of told) {
    const over = { ...facts, resolvedAt: facts.resolvedAt ?? Math.max(now, facts.started.at) };
    const incident = (await readPayloadForBelow(tx, own, facts.id)) ?? { incident: over, tiers: [], escalated: null, lines: [] };
    items.push({ node, kind: 'incident', subject: facts.id, payload: { incident, handOver: null }, by: 'system' });
  }
  await addDownwardItems(tx, items, now);
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

/** Those of the nodes that report here, themselves or through another. */
export async function readBelowAmong(db: Queryable, nodes: readonly string[]): Promise<Set<string>> {
  if (nodes.length === 0) return new Set();
  const { rows } = await db.query<{ node: string }>('SELECT node FROM federation_nodes WHERE node = ANY ($1)', [nodes]);
  return new Set(rows.map(({ node }) => node));
}
