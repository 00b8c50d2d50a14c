/** The states of this moment, and how far they are known, for the node above. */
import type { ObservedUntil, Snapshot } from '@beacontower/contracts';
import type { Database, Queryable } from '../pool.ts';
import { readComposed } from '../record/composed.ts';
import { readWatermarks } from '../record/partition-states.ts';
import { lineToReach, readUplinkChain } from './uplink.ts';

export interface Present {
  readonly incarnation: string;
  readonly log: number;
  readonly observed: Snapshot['observed'];
  readonly states: Snapshot['states'];
}

/**
 * The states in one look, and the watermarks of the last mark that the lines have reached: what is observed up to there is in the lines up to
 * `log`. Null when this node reports to none.
 */
export function readPresent(database: Database, node: string, division: string): Promise<Present | null> {
  return database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const chain = await readUplinkChain(tx);
    if (chain === null) return null;
    const observed = chain.building.observed ?? { line: lineToReach(chain), nodes: [{ node, until: NEVER }] };
    return { incarnation: chain.incarnation, log: observed.line, observed: observed.nodes, states: await readStates(tx, division) };
  });
}

const NEVER: ObservedUntil = { pinged: 0, all: 0, composed: 0 };

type State = Snapshot['states'][number];

async function readStates(tx: Queryable, division: string): Promise<Snapshot['states']> {
  const { rows } = await tx.query<{ subject: string; state: State[1]; since: number; reason: State[3] }>(
    `SELECT c.subject, c.state, c.since, c.reason FROM current_states c
     JOIN inventory i ON i.entity = 'object' AND i.id = c.subject AND i.superseded_at IS NULL AND i.valid_to IS NULL
     WHERE c.subject_kind = 'object' AND ($1 = '' OR i.division = $1 OR starts_with(i.division, $1 || '.'))`,
    [division],
  );
  return rows.map(({ subject, state, since, reason }) => [subject, state, since, reason]);
}

/** How far everything is judged, and the last row of the log at that moment: what was judged is in the log by then. */
export interface ObservedMark {
  readonly row: number;
  readonly nodes: Snapshot['observed'];
}

/** Takes a mark. Watermarks first: a row is written in the transaction that moves them. */
export async function takeObserved(db: Queryable, node: string, division: string): Promise<ObservedMark> {
  const watermarks = [...(await readWatermarks(db)).values()];
  const until = observedOf(watermarks, await readComposed(db));
  const below = await db.query<{ node: string; pinged: number; every: number; composed: number }>(
    `SELECT node, observed_pinged AS pinged, observed_all AS every, observed_composed AS composed FROM federation_nodes
     WHERE removed_at IS NULL AND ($1 = '' OR division = $1 OR starts_with(division, $1 || '.'))`,
    [division],
  );
  const { rows } = await db.query<{ row: number }>('SELECT coalesce(max(id), 0) AS row FROM log');
  const nodes = below.rows.map(({ node: id, pinged, every, composed }) => ({ node: id, until: { pinged, all: every, composed } }));
  return { row: rows[0]?.row ?? 0, nodes: [{ node, until }, ...nodes] };
}

/** Whether every row of the log up to a mark has a sequence no greater than `sequence`. */
export async function isObservedReached(db: Queryable, { row }: ObservedMark, sequence: number): Promise<boolean> {
  const { rows } = await db.query<{ reached: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM log WHERE sequence IS NULL AND id <= $1) AND NOT EXISTS (SELECT FROM log WHERE sequence > $2 AND id <= $1) AS reached`,
    [row, sequence],
  );
  return rows[0]?.reached === true;
}

function observedOf(
  watermarks: readonly { readonly pinged: number; readonly all: number }[],
  composed: { readonly pinged: number; readonly all: number } | null,
): ObservedUntil {
  const pinged = watermarks.length === 0 ? 0 : Math.min(...watermarks.map((each) => each.pinged));
  const all = watermarks.length === 0 ? 0 : Math.min(...watermarks.map((each) => each.all));
  return { pinged, all, composed: composed === null ? all : Math.min(composed.pinged, composed.all) };
}
