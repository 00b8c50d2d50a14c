/** One node of the federation with all that is known of it here. */
import { type LandingView, type NodeDetail, timestamp, timestampOrNull } from '@beacontower/contracts';
import { linkState, type ObjectClass, type State } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { type Scope, scopeCovers } from '../queries/conditions.ts';
import { ENGLISH_NAME } from '../queries/english-name.ts';
import { type CertificateRow, certificateOf, readListedNode, readOwnNode } from './nodes.ts';

const DIFFERENCES_SHOWN = 31;

/** Null: there is none of the scope with this id. */
export async function readNodeDetail(db: Queryable, id: string, scope: Scope, now: number): Promise<NodeDetail | null> {
  const own = await readOwnNode(db, scope, now);
  if (own?.id === id) {
    return {
      ...own,
      landing: [],
      told: null,
      below: await readBelow(db, id, scope, true),
      certificates: [],
      incarnations: [],
      differences: [],
    };
  }
  const node = await readListedNode(db, id, scope, now);
  if (node === null) return null;
  return {
    ...node,
    landing: (await readLanding(db, [node.division])).filter(({ division }) => scopeCovers(scope, division)).map(landingView),
    told: await readTold(db, id),
    below: await readBelow(db, id, scope, false),
    certificates: await readCertificates(db, id),
    incarnations: await readIncarnations(db, id),
    differences: await readDifferences(db, id, scope),
  };
}

/** What the collectors here see at the place of another node. Times are epoch ms. */
export interface Landing {
  readonly object: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly division: string;
  readonly class: ObjectClass;
  readonly state: State;
  readonly since: number | null;
  readonly [column: string]: unknown;
}

/** Own devices with the attribute `role: landing` in the divisions of nodes, not in those below them. */
export async function readLanding(db: Queryable, divisions: readonly string[]): Promise<readonly Landing[]> {
  const { rows } = await db.query<Landing>(
    `SELECT i.id AS object, i.name, ${ENGLISH_NAME} AS "nameEn", i.division, i.class, coalesce(s.state, 'unknown') AS state, s.since
     FROM inventory i LEFT JOIN current_states s ON s.subject = i.id AND s.subject_kind = 'object'
     WHERE i.entity = 'object' AND i.superseded_at IS NULL AND i.valid_to IS NULL AND i.remote IS NULL AND i.kind = 'device' AND i.division = ANY ($1)
       AND i.body -> 'attributes' ->> 'role' = 'landing' ORDER BY i.id LIMIT 1000`,
    [divisions],
  );
  return rows;
}

const landingView = ({ object, name, nameEn, state, since }: Landing): LandingView => ({
  object,
  name,
  nameEn,
  state,
  since: timestampOrNull(since),
});

async function readTold(db: Queryable, node: string): Promise<NonNullable<NodeDetail['told']>> {
  const { rows } = await db.query<{ state: State; count: number }>(
    `SELECT coalesce(s.state, 'unknown') AS state, count(*) AS count FROM inventory i
     LEFT JOIN current_states s ON s.subject = i.id AND s.subject_kind = 'object'
     WHERE i.entity = 'object' AND i.remote = $1 AND i.superseded_at IS NULL AND i.valid_to IS NULL GROUP BY 1`,
    [node],
  );
  const counts = new Map(rows.map(({ state, count }) => [state, count]));
  return {
    up: counts.get('up') ?? 0,
    degraded: counts.get('degraded') ?? 0,
    down: counts.get('down') ?? 0,
    unknown: counts.get('unknown') ?? 0,
  };
}

async function readBelow(db: Queryable, node: string, scope: Scope, isOwn: boolean): Promise<NodeDetail['below']> {
  const { rows } = await db.query<{
    node: string;
    name: string;
    nameEn: string | null;
    division: string;
    heardAt: number | null;
    silentSince: number | null;
    removedAt: number | null;
    behindUntil: number | null;
  }>(
    `SELECT n.node, n.name, n.name_en AS "nameEn", n.division, l.heard_at AS "heardAt", l.silent_since AS "silentSince",
       coalesce(n.removed_at, l.removed_at) AS "removedAt", l.behind_until AS "behindUntil"
     FROM federation_nodes n JOIN federation_nodes l ON l.node = coalesce(n.via, n.node)
     WHERE ${isOwn ? 'n.via IS NULL AND n.node <> $1' : 'n.via = $1'} ORDER BY n.node LIMIT 1000`,
    [node],
  );
  const seen = rows.filter(({ division }) => scopeCovers(scope, division));
  return seen.map((row) => ({ id: row.node, name: row.name, nameEn: row.nameEn, state: linkState(row) }));
}

async function readCertificates(db: Queryable, node: string): Promise<NodeDetail['certificates']> {
  const { rows } = await db.query<CertificateRow & { readonly [column: string]: unknown }>(
    `SELECT serial, not_before AS "notBefore", not_after AS "notAfter", revoked_at AS "revokedAt" FROM federation_certificates
     WHERE node = $1 ORDER BY not_after DESC, serial LIMIT 20`,
    [node],
  );
  return rows.map(certificateOf);
}

async function readIncarnations(db: Queryable, node: string): Promise<NodeDetail['incarnations']> {
  const { rows } = await db.query<{
    incarnation: string;
    begunAt: number;
    supersededAt: number | null;
    sequence: number;
    knownUntil: number | null;
  }>(
    `SELECT i.incarnation::text AS incarnation, begun_at AS "begunAt", superseded_at AS "supersededAt",
       CASE WHEN superseded_at IS NULL THEN n.sequence ELSE i.sequence END AS sequence, known_until AS "knownUntil"
     FROM federation_incarnations i JOIN federation_nodes n USING (node) WHERE node = $1 ORDER BY begun_at DESC LIMIT 20`,
    [node],
  );
  return rows.map(({ incarnation, begunAt, supersededAt, sequence, knownUntil }) => ({
    incarnation,
    begunAt: timestamp(begunAt),
    supersededAt: timestampOrNull(supersededAt),
    sequence,
    knownUntil: timestampOrNull(knownUntil),
  }));
}

async function readDifferences(db: Queryable, node: string, scope: Scope): Promise<NodeDetail['differences']> {
  const { rows } = await db.query<{ date: string; division: string; class: string; receivedAt: number }>(
    `SELECT date::text AS date, division, class, received_at AS "receivedAt" FROM federation_rollups
     WHERE node = $1 AND difference IS NOT NULL ORDER BY date DESC, division, class LIMIT $2`,
    [node, DIFFERENCES_SHOWN],
  );
  const seen = rows.filter(({ division }) => scopeCovers(scope, division));
  return seen.map(({ date, division, class: of, receivedAt }) => ({ date, division, class: of, receivedAt: timestamp(receivedAt) }));
}
