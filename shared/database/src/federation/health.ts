/** What the watchdog asks of the federation: how the node above takes what is sent, and how those below do. */
import { type LinkSeen, type LinkState, linkState } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

/** Times are epoch ms. */
export interface UplinkHealth {
  /** The last call that was answered well; before the first, when it joined. */
  readonly heardAt: number;
  readonly failure: { readonly at: number; readonly code: string } | null;
  readonly waiting: number;
  /** When the oldest line that is not there yet was made. */
  readonly waitingSince: number | null;
  readonly offsetMs: number | null;
  readonly notAfter: number | null;
  /** Room that the lines take. */
  readonly bytes: number;
  readonly [column: string]: unknown;
}

export interface NodeHealth {
  readonly node: string;
  readonly state: LinkState;
  readonly heardAt: number | null;
  readonly refused: string | null;
  readonly offsetMs: number | null;
  readonly notAfter: number | null;
  /** Up to when its record is here. */
  readonly observedAll: number;
  /** Days and groups of which it says something else than the record here. */
  readonly differences: number;
}

export interface FederationHealth {
  readonly uplink: UplinkHealth | null;
  readonly nodes: readonly NodeHealth[];
}

const DAYS_COMPARED = 31;

export async function readFederationHealth(db: Queryable): Promise<FederationHealth> {
  const uplink = await db.query<UplinkHealth>(
    `SELECT coalesce(heard_at, joined_at) AS "heardAt", failure, greatest(built - acknowledged, 0) AS waiting, offset_ms AS "offsetMs",
       not_after AS "notAfter", (SELECT at FROM uplink_log WHERE sequence = u.acknowledged + 1) AS "waitingSince",
       pg_total_relation_size('uplink_log') AS bytes FROM uplink u WHERE state = 'enrolled'`,
  );
  const nodes = await db.query<Omit<NodeHealth, 'state'> & LinkSeen & { readonly [column: string]: unknown }>(
    `SELECT n.node, n.heard_at AS "heardAt", n.silent_since AS "silentSince", n.removed_at AS "removedAt", n.behind_until AS "behindUntil",
       n.refused ->> 'code' AS refused, n.offset_ms AS "offsetMs", n.observed_all AS "observedAll",
       (SELECT max(c.not_after) FROM federation_certificates c WHERE c.node = n.node AND c.revoked_at IS NULL) AS "notAfter",
       (SELECT count(*) FROM federation_rollups r WHERE r.node = n.node AND r.difference IS NOT NULL AND r.date > current_date - $1::integer) AS differences
     FROM federation_nodes n WHERE n.via IS NULL AND n.removed_at IS NULL ORDER BY n.node LIMIT 1000`,
    [DAYS_COMPARED],
  );
  return { uplink: uplink.rows[0] ?? null, nodes: nodes.rows.map((row) => ({ ...row, state: linkState(row) })) };
}
