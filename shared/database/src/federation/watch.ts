/** What the watch of the links to nodes below reads and writes. Times are epoch ms by the clock here. */
import { type IncidentBody, type LinkFacts, linkTitle, type NodeChangeBody } from '@beacontower/contracts';
import { causeOfLink, type LinkSeen, type ObjectClass, type Severity } from '@beacontower/domain';
import { insertIncidentEvents } from '../incidents/incidents.ts';
import { appendLog } from '../log.ts';
import { insertNotices } from '../notices/notices.ts';
import type { Queryable } from '../pool.ts';

/** A node that reports here itself, and the incident about its silence that is under way. */
export interface WatchedLink extends LinkSeen {
  readonly node: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly division: string;
  readonly observedAll: number;
  readonly sequence: number;
  /** The last message that was refused, none having been taken since. */
  readonly refused: { readonly at: number; readonly code: string; readonly detail: string } | null;
  readonly incident: string | null;
  readonly facts: LinkFacts | null;
  readonly [column: string]: unknown;
}

/** Every node that reports here itself; also those that were let go while their incident is under way. */
export async function readWatchedLinks(db: Queryable): Promise<readonly WatchedLink[]> {
  const { rows } = await db.query<WatchedLink>(
    `SELECT n.node, n.name, n.name_en AS "nameEn", n.division, n.heard_at AS "heardAt", n.silent_since AS "silentSince",
       n.removed_at AS "removedAt", n.behind_until AS "behindUntil", n.observed_all AS "observedAll", n.sequence, n.refused,
       t.id AS incident, t.facts
     FROM federation_nodes n LEFT JOIN incidents t ON t.kind = 'link' AND t.home IS NULL AND t.cause_object = 'node/' || n.node
       AND t.state IN ('open', 'acknowledged')
     WHERE n.via IS NULL AND (n.removed_at IS NULL OR n.silent_since IS NOT NULL OR t.id IS NOT NULL) ORDER BY n.node`,
  );
  return rows;
}

/** Says that a node is silent, unless a message of it was taken meanwhile: then false. */
export async function markSilent(tx: Queryable, node: string, since: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE federation_nodes SET silent_since = $2 WHERE node = $1 AND heard_at = $2 AND silent_since IS NULL AND removed_at IS NULL',
    [node, since],
  );
  return rowCount === 1;
}

export async function markHeard(tx: Queryable, node: string): Promise<void> {
  await tx.query('UPDATE federation_nodes SET silent_since = NULL WHERE node = $1', [node]);
}

/** How many objects of a node, and of those it speaks for, are known. */
export async function countNodeObjects(db: Queryable, node: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*) AS count FROM inventory WHERE remote IN (SELECT node FROM federation_nodes WHERE node = $1 OR via = $1)
       AND entity = 'object' AND superseded_at IS NULL AND valid_to IS NULL`,
    [node],
  );
  return rows[0]?.count ?? 0;
}

/** The language in which this node titles what it opens itself. */
export async function readNodeLanguage(db: Queryable): Promise<'zh' | 'en'> {
  const { rows } = await db.query<{ language: 'zh' | 'en' | null }>(
    `SELECT i.body ->> 'language' AS language FROM node_identity n
     JOIN inventory i ON i.entity = 'node' AND i.id = n.node AND i.superseded_at IS NULL AND i.valid_to IS NULL`,
  );
  return rows[0]?.language ?? 'zh';
}

export interface OpenedLink {
  readonly id: string;
  readonly facts: LinkFacts;
  readonly division: string;
  readonly class: ObjectClass;
  readonly severity: Severity;
  readonly language: 'zh' | 'en';
  readonly now: number;
}

/** Opens the incident about a node's silence, to be told by the ordinary routes; false: there is one under way. */
export async function openLinkIncident(tx: Queryable, opened: OpenedLink): Promise<boolean> {
  const { id, facts, division, severity, now } = opened;
  const name = (opened.language === 'en' ? facts.nameEn : null) ?? facts.name;
  const { rows } = await tx.query<Written>(
    `INSERT INTO incidents (id, kind, state, severity, cause_object, division, party, class, title, facts, started_at, started_earliest, started_latest, opened_at)
     VALUES ($1, 'link', 'open', $2, $3, $4, NULL, $5, $6, $7, $8, $8, $9, $9) ON CONFLICT DO NOTHING RETURNING number, state, severity`,
    [
      id,
      severity,
      causeOfLink(facts.node),
      division,
      opened.class,
      linkTitle(opened.language, name),
      JSON.stringify(facts),
      facts.heardAt,
      now,
    ],
  );
  const [row] = rows;
  if (row === undefined) return false;
  const edge = { at: facts.heardAt, earliest: facts.heardAt, latest: now };
  const detail = { reason: 'not-heard', severity, edge, landing: facts.landing };
  await insertIncidentEvents(tx, [{ incident: id, at: now, kind: 'opened', actor: 'system', detail }]);
  await tell(tx, { id, node: facts.node, row, change: 'opened', eventAt: facts.heardAt, now });
  await insertNotices(tx, [{ incident: id, step: 'opened', occasion: '', body: {}, decidedAt: now, dueAt: now }], now);
  return true;
}

/** The incident is over: the node is heard again, or was let go. False: it was already. */
export async function resolveLinkIncident(
  tx: Queryable,
  {
    id,
    node,
    reason,
    at,
    now,
  }: { readonly id: string; readonly node: string; readonly reason: 'recovered' | 'retired'; readonly at: number; readonly now: number },
): Promise<boolean> {
  const { rows } = await tx.query<Written>(
    `UPDATE incidents SET state = 'resolved', resolved_at = greatest($2, started_at), revision = revision + 1
     WHERE id = $1 AND state IN ('open', 'acknowledged') RETURNING number, state, severity`,
    [id, at],
  );
  const [row] = rows;
  if (row === undefined) return false;
  const detail = { reason: reason === 'recovered' ? 'heard-again' : 'retired', edge: { at, earliest: at, latest: at } };
  await insertIncidentEvents(tx, [{ incident: id, at: now, kind: 'resolved', actor: 'system', detail }]);
  await tell(tx, { id, node, row, change: 'resolved', eventAt: at, now });
  const body = { resolution: reason };
  await insertNotices(tx, [{ incident: id, step: 'resolved', occasion: '', body, decidedAt: now, dueAt: now }], now);
  return true;
}

/** What is seen of the node's place from here is another now; `isNews` where people are to read of it in the timeline. */
export async function saveLinkFacts(
  tx: Queryable,
  id: string,
  facts: LinkFacts,
  { isNews, now }: { isNews: boolean; now: number },
): Promise<void> {
  await tx.query('UPDATE incidents SET facts = $2, revision = revision + 1 WHERE id = $1', [id, JSON.stringify(facts)]);
  if (!isNews) return;
  const detail = { landing: facts.landing };
  await insertIncidentEvents(tx, [{ incident: id, at: now, kind: 'landing', actor: 'system', detail }]);
}

/** Tells the live stream what became of a link. */
export async function tellNodeChange(tx: Queryable, body: NodeChangeBody, at: number): Promise<void> {
  await appendLog(tx, [{ kind: 'node', subject: body.node, body, eventAt: at }], at);
}

type Written = Pick<IncidentBody, 'number' | 'state' | 'severity'> & { readonly [column: string]: unknown };

async function tell(
  tx: Queryable,
  told: {
    readonly id: string;
    readonly node: string;
    readonly row: Written;
    readonly change: 'opened' | 'resolved';
    readonly eventAt: number;
    readonly now: number;
  },
): Promise<void> {
  const { number, state, severity } = told.row;
  const body: IncidentBody = {
    ...{ incident: told.id, number, change: told.change, state, severity },
    ...{ cause: causeOfLink(told.node), object: null, kind: 'link' },
  };
  await appendLog(tx, [{ kind: 'incident', subject: told.id, body, eventAt: told.eventAt }], told.now);
}
