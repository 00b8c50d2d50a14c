/** The nodes of the federation as they are seen from here. */
import {
  type ListedNode,
  type NodeLink,
  type NodeUplink,
  type Page,
  timestamp,
  timestampOrNull,
  type WallTile,
} from '@beacontower/contracts';
import { type LinkSeen, linkState } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope, scopeCovers } from '../queries/conditions.ts';
import { decodeCursor, TextKey, toPage } from '../queries/cursor.ts';
import { readNode } from '../queries/topology.ts';

interface NodeRow extends LinkSeen {
  readonly node: string;
  readonly via: string | null;
  readonly name: string;
  readonly nameEn: string | null;
  readonly division: string;
  readonly timeZone: string;
  readonly enrolledAt: number;
  readonly incarnation: string | null;
  readonly sequence: number;
  readonly behind: number | null;
  readonly pinged: number;
  readonly every: number;
  readonly composed: number;
  readonly presentAt: number | null;
  readonly snapshotVersion: number;
  readonly offsetMs: number | null;
  readonly roundTripMs: number | null;
  readonly software: string | null;
  readonly capabilities: string[];
  readonly refused: { readonly at: number; readonly code: string; readonly detail: string; readonly sequence?: number | null } | null;
  readonly certificate: CertificateRow | null;
  readonly objects: number;
  readonly incident: { readonly id: string; readonly number: number } | null;
  readonly [column: string]: unknown;
}

/** Of one that is spoken for by another, the link is that of the other (`l`); its watermark is its own. */
const NODES = `SELECT n.node, n.via, n.name, n.name_en AS "nameEn", n.division, n.time_zone AS "timeZone", n.enrolled_at AS "enrolledAt",
    coalesce(n.removed_at, l.removed_at) AS "removedAt", l.heard_at AS "heardAt", l.silent_since AS "silentSince", l.behind_until AS "behindUntil",
    l.incarnation::text AS incarnation, l.sequence, greatest(l.behind_until - l.sequence, 0) AS behind,
    n.observed_pinged AS pinged, n.observed_all AS every, n.observed_composed AS composed, l.present_at AS "presentAt",
    l.snapshot_version AS "snapshotVersion", l.offset_ms AS "offsetMs", l.round_trip_ms AS "roundTripMs", l.software, l.capabilities, l.refused,
    (SELECT jsonb_build_object('serial', c.serial, 'notBefore', c.not_before, 'notAfter', c.not_after, 'revokedAt', c.revoked_at)
       FROM federation_certificates c WHERE c.node = n.node ORDER BY c.revoked_at IS NULL DESC, c.not_after DESC LIMIT 1) AS certificate,
    (SELECT count(*) FROM inventory i WHERE i.remote = n.node AND i.entity = 'object' AND i.superseded_at IS NULL AND i.valid_to IS NULL) AS objects,
    (SELECT jsonb_build_object('id', t.id, 'number', t.number) FROM incidents t WHERE t.kind = 'link' AND t.home IS NULL
       AND t.cause_object = 'node/' || l.node AND t.state IN ('open', 'acknowledged')) AS incident
  FROM federation_nodes n JOIN federation_nodes l ON l.node = coalesce(n.via, n.node)`;

/** This node, then those that report to it, by id; of the latter those of the scope. */
export async function listNodes(
  db: Queryable,
  query: { readonly limit: number; readonly cursor?: string | undefined },
  scope: Scope,
  now: number,
): Promise<Page<ListedNode>> {
  const after = decodeCursor('nodes', TextKey, query.cursor);
  const own = after === undefined ? await readOwnNode(db, scope, now) : null;
  const where = new Conditions();
  where.within('n.division', scope);
  if (after !== undefined) where.add(`n.node > ${where.value(after[0])}`);
  const left = query.limit - (own === null ? 0 : 1);
  const { rows } = await db.query<NodeRow>(`${NODES} ${where} ORDER BY n.node LIMIT ${where.value(left + 1)}`, where.values);
  // A page of one is filled by this node: those after it come after no id.
  if (left === 0 && own !== null)
    return toPage(
      [own, ...rows.map(() => own)],
      1,
      'nodes',
      () => [''],
      (node) => node,
    );
  const page = toPage(
    rows,
    left,
    'nodes',
    ({ node }) => [node],
    (row) => listed(row, now),
  );
  return own === null ? page : { ...page, items: [own, ...page.items] };
}

/** A node below; null: none of the scope has this id. */
export async function readListedNode(db: Queryable, id: string, scope: Scope, now: number): Promise<ListedNode | null> {
  const { rows } = await db.query<NodeRow>(`${NODES} WHERE n.node = $1`, [id]);
  const [row] = rows;
  return row === undefined || !scopeCovers(scope, row.division) ? null : listed(row, now);
}

/** This node; null before a configuration was applied. Whom it reports to is told to those who see all of it. */
export async function readOwnNode(db: Queryable, scope: Scope, now: number): Promise<ListedNode | null> {
  const node = await readNode(db, now);
  if (node === undefined) return null;
  return { ...node, nameEn: null, link: null, uplink: scopeCovers(scope, node.division) ? await readUplinkView(db) : null };
}

function listed(row: NodeRow, now: number): ListedNode {
  const { node: id, name, nameEn, division, timeZone, every } = row;
  const none = { language: null, incarnation: null, partitions: null, inventoryVersion: null, self: false, uplink: null };
  const known = every > 0 ? { lagMs: Math.max(0, now - every), watermark: timestamp(every) } : { lagMs: null, watermark: null };
  return { id, name, nameEn, division, timeZone, ...none, ...known, link: linkOf(row) };
}

function linkOf(row: NodeRow): NodeLink {
  const { pinged, every: all, composed, refused, certificate } = row;
  const observed = all === 0 ? null : { pinged: timestamp(pinged), all: timestamp(all), composed: timestamp(composed) };
  return {
    via: row.via,
    state: linkState(row),
    heardAt: timestampOrNull(row.heardAt),
    silentSince: timestampOrNull(row.silentSince),
    observed,
    presentAt: timestampOrNull(row.presentAt),
    log: { incarnation: row.incarnation, sequence: row.sequence, behind: row.behind },
    snapshotVersion: row.snapshotVersion,
    clockOffsetMs: row.offsetMs,
    roundTripMs: row.roundTripMs,
    software: row.software,
    capabilities: row.capabilities,
    certificate: certificate === null ? null : certificateOf(certificate),
    refused: refused === null ? null : { ...refused, at: timestamp(refused.at), sequence: refused.sequence ?? null },
    objects: row.objects,
    incident: row.incident,
    enrolledAt: timestamp(row.enrolledAt),
    removedAt: timestampOrNull(row.removedAt),
  };
}

/** How the links to the nodes stand that report here themselves, by the division they speak for; of two of one division the one that is worse off. */
export async function readDivisionLinks(db: Queryable, scope: Scope): Promise<ReadonlyMap<string, NonNullable<WallTile['link']>>> {
  const { rows } = await db.query<LinkSeen & { readonly node: string; readonly division: string; readonly [column: string]: unknown }>(
    `SELECT node, division, heard_at AS "heardAt", silent_since AS "silentSince", removed_at AS "removedAt", behind_until AS "behindUntil"
     FROM federation_nodes WHERE via IS NULL AND removed_at IS NULL ORDER BY silent_since NULLS FIRST, behind_until NULLS FIRST, node`,
  );
  const links = rows.flatMap((row) => {
    const { node, division } = row;
    return scopeCovers(scope, division)
      ? [[division, { node, state: linkState(row), since: timestampOrNull(row.silentSince) }] as const]
      : [];
  });
  return new Map(links);
}

/** A certificate of a node, without its bytes. Times are epoch ms. */
export interface CertificateRow {
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly revokedAt: number | null;
}

/** The same for an answer. */
export function certificateOf({ serial, notBefore, notAfter, revokedAt }: CertificateRow): NonNullable<NodeLink['certificate']> {
  return { serial, notBefore: timestamp(notBefore), notAfter: timestamp(notAfter), revokedAt: timestampOrNull(revokedAt) };
}

interface UplinkRow {
  readonly url: string;
  readonly state: NodeUplink['state'];
  readonly parent: string | null;
  readonly heardAt: number | null;
  readonly built: number;
  readonly acknowledged: number;
  readonly oldest: number | null;
  readonly offsetMs: number | null;
  readonly notAfter: number | null;
  readonly failure: { readonly at: number; readonly code: string; readonly detail: string } | null;
  readonly [column: string]: unknown;
}

/** Whom this node reports to, and how far; null: to nobody. */
export async function readUplinkView(db: Queryable): Promise<NodeUplink | null> {
  const { rows } = await db.query<UplinkRow>(
    `SELECT url, state, parent, heard_at AS "heardAt", built, acknowledged, offset_ms AS "offsetMs", not_after AS "notAfter", failure,
       (SELECT at FROM uplink_log WHERE sequence = u.acknowledged + 1) AS oldest FROM uplink u`,
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { url, state, parent, built, acknowledged, failure } = row;
  return {
    url,
    state,
    parent,
    heardAt: timestampOrNull(row.heardAt),
    built,
    acknowledged,
    waiting: Math.max(0, built - acknowledged),
    oldestWaitingAt: timestampOrNull(row.oldest),
    clockOffsetMs: row.offsetMs,
    certificateEndsAt: timestampOrNull(row.notAfter),
    failure: failure === null ? null : { ...failure, at: timestamp(failure.at) },
  };
}
