/** The channels as the API shows them. */
import { type ChannelState, timestampOrNull } from '@beacontower/contracts';
import { withoutCredentials } from '@beacontower/runtime';
import { readCurrentEntities } from '../inventory/read.ts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';

interface Row {
  readonly channel: string;
  readonly state: ChannelState['breaker']['state'];
  readonly failures: number;
  readonly openedAt: number | null;
  readonly probeAt: number | null;
  readonly lastError: string | null;
  readonly changedAt: number;
  readonly [column: string]: unknown;
}

interface Count {
  readonly channel: string;
  readonly underWay: number;
  readonly byBreaker: number;
  readonly byLimit: number;
  readonly heldSince: number | null;
  readonly [column: string]: unknown;
}

/** Every channel of the inventory, by id: its breaker, its limit, and what waits for it of the incidents of the scope. */
export async function listChannelStates(db: Queryable, scope: Scope): Promise<ChannelState[]> {
  const channels = await readCurrentEntities(db, 'channel');
  const where = new Conditions();
  where.add("d.state IN ('pending', 'sending', 'retrying')");
  where.within('n.division', scope);
  const [states, counts] = await Promise.all([
    db.query<Row>(
      `SELECT channel, state, failures, opened_at AS "openedAt", probe_at AS "probeAt", last_error AS "lastError", changed_at AS "changedAt"
       FROM channel_states`,
    ),
    db.query<Count>(
      `SELECT d.channel, count(*) AS "underWay", count(*) FILTER (WHERE d.held = 'breaker') AS "byBreaker",
         count(*) FILTER (WHERE d.held = 'limit') AS "byLimit", min(d.held_since) AS "heldSince"
       FROM deliveries d LEFT JOIN incidents n ON n.id = d.incident_id ${where} GROUP BY d.channel`,
      where.values,
    ),
  ]);
  const stateOf = new Map(states.rows.map((row) => [row.channel, row]));
  const countOf = new Map(counts.rows.map((row) => [row.channel, row]));
  return channels.map(({ id, kind, limit }) => {
    const state = stateOf.get(id);
    const count = countOf.get(id);
    return {
      id,
      kind,
      limit,
      breaker: {
        state: state?.state ?? 'closed',
        failures: state?.failures ?? 0,
        openedAt: timestampOrNull(state?.openedAt ?? null),
        probeAt: timestampOrNull(state?.probeAt ?? null),
        lastError: state?.lastError ? withoutCredentials(state.lastError) : null,
        changedAt: state?.changedAt ? timestampOrNull(state.changedAt) : null,
      },
      underWay: count?.underWay ?? 0,
      held: { byBreaker: count?.byBreaker ?? 0, byLimit: count?.byLimit ?? 0 },
      heldSince: timestampOrNull(count?.heldSince ?? null),
    };
  });
}
