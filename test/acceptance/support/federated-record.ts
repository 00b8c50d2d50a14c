/** What the nodes of the federated lab have in their records, said so that two of them can be held against each other. */
import type { Database } from '@beacontower/database';
import { type Api, type FederationStand, objectiveOf } from '@beacontower/test-lab';
import { waitFor } from '@beacontower/testing';
import { z } from 'zod';

/** Every transition in force of a node's lines, in an order of its own. What a line's only check did is told by the line itself. */
export async function transitionsOf(database: Database, node: string): Promise<unknown[]> {
  const { rows } = await database.query(
    `SELECT subject, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at FROM transitions
     WHERE superseded_at IS NULL AND subject_kind = 'object' AND object_id LIKE $1 ORDER BY subject, at, decided_at, from_state`,
    [`${node}:line-%`],
  );
  return rows;
}

/** The figures of every object of a node's objective over a time, to the millisecond. */
export async function figuresOf(api: Api, node: string, { from, to }: { readonly from: number; readonly to: number }) {
  const { groups } = await api.availability(objectiveOf(node), from, to);
  return groups
    .map(({ key, availability, lowest, highest, upMs, downMs, unknownMs, excludedMs }) => ({
      ...{ key, availability, lowest, highest, upMs, downMs, unknownMs, excludedMs },
    }))
    .sort((a, b) => String(a.key).localeCompare(String(b.key)));
}

/** Waits until all that every node knows is at the node above it, and known as far as it was judged. */
export async function caughtUp({ nodes, node }: FederationStand, timeoutMs: number): Promise<void> {
  const behind = async () => {
    const left: string[] = [];
    for (const { id, parent, database } of nodes) {
      if (parent === null) continue;
      const there = await database.query<{ built: number; open: number; watermark: number }>(
        `SELECT built, (SELECT count(*)::int FROM log WHERE sequence IS NULL OR sequence > coalesce((SELECT sequence FROM log_readers WHERE name = 'uplink'), 0)) AS open,
           (SELECT min(watermark) FROM partition_states)::bigint AS watermark FROM uplink`,
      );
      const above = await node(parent).database.query<{ sequence: number; pinged: number }>(
        'SELECT sequence, observed_pinged AS pinged FROM federation_nodes WHERE node = $1',
        [id],
      );
      const [said, heard] = [there.rows[0], above.rows[0]];
      const isThere = said && heard && said.open === 0 && said.built > 0 && heard.sequence === said.built && heard.pinged >= said.watermark;
      if (!isThere) left.push(`${id}: ${JSON.stringify({ said, heard })}`);
    }
    return left;
  };
  let left: string[] = [];
  await waitFor(
    async () => {
      left = await behind().catch((error: unknown) => [String(error)]);
      return left.length === 0;
    },
    { timeoutMs, intervalMs: 250, what: 'every node to be caught up with' },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${left.join('; ')}`);
  });
}

const Event = z.object({ type: z.string(), incident: z.object({ cause: z.object({ id: z.string() }) }) });

/** One thing that somebody at the centre was told. */
export interface Said {
  readonly step: string;
  readonly cause: string;
}

export function saidOf({ hook }: FederationStand): Said[] {
  return hook.received.map(({ json }) => {
    const { type, incident } = Event.parse(json);
    return { step: type.replace(/^incident\./, ''), cause: incident.cause.id };
  });
}

/** What was told of objects of the nodes below: of all that the centre is to tell nothing. */
export function provinceIncidents(said: readonly Said[]): Said[] {
  return said.filter(({ cause }) => cause.includes(':line-'));
}
