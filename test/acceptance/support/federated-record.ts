/** What the nodes of the federated lab have in their records, said so that two of them can be held against each other. */
import type { Database } from '@beacontower/database';
import { type Api, type FederationStand, objectiveOf, type StandNode } from '@beacontower/test-lab';
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
  const above = (id: string): StandNode[] => {
    const { parent } = node(id);
    return parent === null ? [] : [node(parent), ...above(parent)];
  };
  const behind = async () => {
    const left: string[] = [];
    for (const { id, parent, database } of nodes) {
      if (parent === null) continue;
      const { rows } = await database.query<{ built: number; open: number; watermark: number }>(
        `SELECT built, (SELECT count(*)::int FROM log WHERE sequence IS NULL OR sequence > coalesce((SELECT sequence FROM log_readers WHERE name = 'uplink'), 0)) AS open,
           (SELECT min(watermark) FROM partition_states)::bigint AS watermark FROM uplink`,
      );
      const [said] = rows;
      const heard = await Promise.all(above(id).map((tier) => heardOf(tier.database, id)));
      const isKnown = said && heard.every((each) => each && each.pinged >= said.watermark);
      if (!isKnown || said.open > 0 || said.built === 0 || heard[0]?.sequence !== said.built)
        left.push(`${id}: ${JSON.stringify({ said, heard })}`);
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

async function heardOf(database: Database, node: string) {
  const { rows } = await database.query<{ sequence: number; pinged: number }>(
    'SELECT sequence, observed_pinged AS pinged FROM federation_nodes WHERE node = $1',
    [node],
  );
  return rows[0];
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

/** The cause of the incident of a node that is not heard. */
export const linkOf = (node: string) => `node/${node}`;

/** Waits until the centre has told of the line of every province that it is silent, or heard again. */
export async function untilLinksTold(stand: FederationStand, step: 'opened' | 'resolved'): Promise<void> {
  const provinces = stand.nodes.filter(({ parent }) => parent === 'cn').map(({ id }) => linkOf(id));
  const told = () => {
    const causes = new Set(saidOf(stand).flatMap((said) => (said.step === step ? [said.cause] : [])));
    return provinces.every((cause) => causes.has(cause));
  };
  await waitFor(told, { timeoutMs: 120_000, intervalMs: 250, what: `every line to be told of as ${step}` });
}
