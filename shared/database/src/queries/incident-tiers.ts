/** Who has an incident at each tier, and what the tiers asked of each other. */
import {
  AskedIncident,
  EscalatedIncident,
  HandedIncident,
  type HandOver,
  type IncidentDetail,
  TierView,
  timestamp,
  timestampOrNull,
} from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import type { IncidentViewRow } from './incidents.ts';

type Tiers = Pick<IncidentDetail, 'tiers' | 'escalated' | 'asked' | 'handedDown' | 'handedOver'>;

/** What a detail says of tiers; of an incident that no other knows of, nothing. */
export async function tiersOf(db: Queryable, row: IncidentViewRow): Promise<Tiers> {
  const handed = HandedIncident.parse(row.handed ?? {});
  const asked = row.asked === null ? null : AskedIncident.parse(row.asked);
  const escalated = row.escalated === null ? null : EscalatedIncident.parse(row.escalated);
  return {
    tiers: await readTiers(db, row),
    escalated: escalated === null ? null : { ...escalated, node: null, at: timestamp(escalated.at) },
    asked: asked === null ? null : { node: asked.node, at: timestamp(asked.at), by: asked.by, note: asked.note },
    handedDown: handOverOf(handed.down),
    handedOver: handOverOf(handed.from),
  };
}

function handOverOf(handed: HandOver | null): Tiers['handedDown'] {
  if (handed === null) return null;
  const { number: _item, at, answeredAt, ...rest } = handed;
  return { ...rest, at: timestamp(at), answeredAt: timestampOrNull(answeredAt) };
}

async function readTiers(db: Queryable, row: IncidentViewRow): Promise<Tiers['tiers']> {
  const { rows } = await db.query<{ body: unknown; name: string | null }>(
    `SELECT t.body, f.name FROM incident_tiers t LEFT JOIN federation_nodes f ON f.node = t.node WHERE t.incident_id = $1 ORDER BY t.node`,
    [row.id],
  );
  const others = rows.map(({ body, name }) => ({ ...times(TierView.parse(body)), name, here: false }));
  if (others.length === 0 && row.home === null) return [];
  const own = await readOwn(db, row);
  const all = own === null ? others : [own, ...others];
  return all.toSorted((a, b) => Number(isHome(b, row)) - Number(isHome(a, row)));
}

const isHome = ({ node, here }: { readonly node: string; readonly here: boolean }, { home }: IncidentViewRow) =>
  home === null ? here : node === home;

// Of what this node is only told of it has no work.
async function readOwn(db: Queryable, row: IncidentViewRow): Promise<Tiers['tiers'][number] | null> {
  if (!row.taken) return null;
  const { rows } = await db.query<{ node: string; name: string | null }>(
    `SELECT n.node, (SELECT body ->> 'name' FROM inventory WHERE entity = 'node' AND valid_to IS NULL AND superseded_at IS NULL) AS name FROM node_identity n`,
  );
  const { state, owner, first_receiver: firstReceiver } = row;
  const dates = { acknowledgedAt: row.acknowledged_at, closedAt: row.closed_at, respondBy: row.respond_by, repairBy: row.repair_by };
  return { ...times({ node: rows[0]?.node ?? '', state, owner, firstReceiver, ...dates }), name: rows[0]?.name ?? null, here: true };
}

function times({ acknowledgedAt, closedAt, respondBy, repairBy, ...rest }: TierView) {
  return {
    ...rest,
    acknowledgedAt: timestampOrNull(acknowledgedAt),
    closedAt: timestampOrNull(closedAt),
    respondBy: timestampOrNull(respondBy),
    repairBy: timestampOrNull(repairBy),
  };
}
