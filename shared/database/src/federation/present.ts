/** The states of this moment, and how far they are known, for the node above: read in one snapshot of the database. */
import type { ObservedUntil, Snapshot } from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';
import type { Database } from '../pool.ts';
import { readComposed } from '../record/composed.ts';
import { readWatermarks } from '../record/partition-states.ts';
import { readUplinkChain } from './uplink.ts';

export interface Present {
  readonly log: number;
  readonly observed: Snapshot['observed'];
  readonly states: Snapshot['states'];
}

/**
 * `log`: every change that was judged up to what is observed is in the lines up to this one. Null while lines are behind the record: then nobody
 * can say so yet.
 */
export function readPresent(database: Database, node: string, division: string): Promise<Present | null> {
  return database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const chain = await readUplinkChain(tx);
    if (chain === null) return null;
    const { rows } = await tx.query<{ read: number; last: number; open: number }>(
      `SELECT coalesce((SELECT sequence FROM log_readers WHERE name = 'uplink'), 0) AS read, coalesce(max(sequence), 0) AS last,
         count(*) FILTER (WHERE sequence IS NULL) AS open FROM log WHERE sequence IS NULL OR sequence = (SELECT max(sequence) FROM log)`,
    );
    const place = rows[0];
    const isBuilt = place !== undefined && place.open === 0 && place.read === place.last;
    const watermarks = [...(await readWatermarks(tx)).values()];
    const composed = await readComposed(tx);
    const until = observedOf(watermarks, composed);
    const below = await tx.query<{ node: string; pinged: number; every: number; composed: number }>(
      `SELECT node, observed_pinged AS pinged, observed_all AS every, observed_composed AS composed FROM federation_nodes WHERE removed_at IS NULL`,
    );
    const observed = [
      { node, until },
      ...below.rows.map((row) => ({ node: row.node, until: { pinged: row.pinged, all: row.every, composed: row.composed } })),
    ];
    const states = await tx.query<{
      subject: string;
      state: Snapshot['states'][number][1];
      since: number;
      reason: Snapshot['states'][number][3];
      division: string;
    }>(
      `SELECT c.subject, c.state, c.since, c.reason, i.division FROM current_states c
       JOIN inventory i ON i.entity = 'object' AND i.id = c.subject AND i.superseded_at IS NULL AND i.valid_to IS NULL
       WHERE c.subject_kind = 'object'`,
    );
    const shown = states.rows.filter((row) => divisionCovers(division, row.division));
    return {
      // What is not in lines yet is after the last one: the watermark then waits for a line that is still to be made.
      log: isBuilt ? chain.built : chain.built + 1,
      observed,
      states: shown.map(({ subject, state, since, reason }) => [subject, state, since, reason]),
    };
  });
}

function observedOf(
  watermarks: readonly { readonly pinged: number; readonly all: number }[],
  composed: { readonly pinged: number; readonly all: number } | null,
): ObservedUntil {
  const pinged = watermarks.length === 0 ? 0 : Math.min(...watermarks.map((each) => each.pinged));
  const all = watermarks.length === 0 ? 0 : Math.min(...watermarks.map((each) => each.all));
  return { pinged, all, composed: composed === null ? all : Math.min(composed.pinged, composed.all) };
}
