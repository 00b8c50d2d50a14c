/** Incidents that other tiers tell of: one row here with their id, their words in its timeline, their objects as its members. */
import type { IncidentBody, IncidentPayload } from '@beacontower/contracts';
import { divisionCovers, type SettledIncident, settleTold } from '@beacontower/domain';
import { forgetIncidentAccounts } from '../accounting/forget.ts';
import { appendLog, type NewLogEntry } from '../log.ts';
import { insertNotices, type NewNotice } from '../notices/notices.ts';
import type { Queryable, Transaction } from '../pool.ts';
import { nodeOfId } from './apply-inventory.ts';
import { tellNotGiven } from './incidents-below.ts';
import { foldIncidents, type ToldOf } from './incidents-fold.ts';
import { insertToldLines, insertToldMembers, saveTiers } from './incidents-parts.ts';
import { ForeignIncident, type TellingNode } from './incidents-teller.ts';

interface KnownRow {
  readonly id: string;
  readonly home: string | null;
  readonly state: IncidentBody['state'];
  readonly severity: IncidentBody['severity'];
  readonly taken: boolean;
  readonly asked: boolean;
  readonly isAcknowledged: boolean;
  readonly wasTaken: boolean;
  /** Whether the node where it was opened reports here. */
  readonly isFromBelow: boolean;
  /** Whether the teller was ever given it by this node. */
  readonly wasGiven: boolean;
  readonly division: string;
  readonly startedEarliest: number;
  readonly resolvedAt: number | null;
  readonly party: string | null;
  readonly chargedParty: string | null;
  readonly [column: string]: unknown;
}

/**
 * Takes in what is told of incidents, in the caller's transaction, each word once. What an incident is about is taken from its home alone; of every
 * other node its own work and its own lines. Throws `ForeignIncident` for one that the teller has no say in.
 */
export async function applyToldIncidents(tx: Transaction, payloads: readonly IncidentPayload[], by: TellingNode): Promise<void> {
  if (payloads.length === 0) return;
  const all = foldIncidents(payloads);
  const known = await lockKnown(tx, [...all.keys()], by.from);
  const notGiven = [...all.values()].filter((each) => isNotGiven(each, known.get(each.facts.id), by));
  const told = new Map([...all].filter(([, each]) => !notGiven.includes(each)));
  const facts = [...told.values()].filter((each) => saysFacts(each, known.get(each.facts.id), by));
  const saying = new Set(facts);
  const there = [...told.values()].filter((each) => known.has(each.facts.id) || saying.has(each));
  const settled = new Map(facts.map((each) => [each.facts.id, settle(each, known.get(each.facts.id), by)]));
  const changed = await saveFacts(tx, facts, settled, by);
  const tiers = await saveTiers(tx, there, by);
  const lines = await insertToldLines(tx, there, by);
  const members = await insertToldMembers(tx, facts, by);
  // By the clock of its home it may have changed long ago: closed periods are looked at again by when it was told here.
  await tx.query('UPDATE incidents SET told_at = $2 WHERE id = ANY ($1::uuid[])', [[...new Set([...changed, ...members])], by.now]);
  await forgetIncidentAccounts(
    tx,
    facts.filter((each) => chargesOtherwise(each, known.get(each.facts.id))).map((each) => each.facts.id),
  );
  await insertNotices(
    tx,
    [...settled].flatMap(([id, one]) => noticesOf(id, one, told.get(id), by)),
    by.now,
  );
  const said: ReadonlySet<string> = new Set([...changed, ...tiers, ...lines, ...members]);
  await appendLog(tx, await logOf(tx, said, { settled, changed: new Set(changed), from: by.from, now: by.now }), by.now);
  if (notGiven.length === 0) return;
  const answer = () => tellNotGiven(tx, by.from, by.own, notGiven, by.now);
  if (by.later === undefined) await answer();
  else by.later.push(answer);
}

/**
 * Whether a node below tells of its work on one of ours that was never given to it, or that we do not know: a back-up was restored here, for else it
 * would have no reason to. Nothing of it is taken, and it is told so; what lies outside of its division is none of its business.
 */
function isNotGiven({ facts: { home } }: ToldOf, known: KnownRow | undefined, { own, nodes, division = '' }: TellingNode): boolean {
  if (nodes === null || home !== own) return false;
  return known === undefined || (known.home === null && !known.wasGiven && divisionCovers(division, known.division));
}

async function lockKnown(tx: Queryable, ids: readonly string[], from: string): Promise<Map<string, KnownRow>> {
  const { rows } = await tx.query<KnownRow>(
    `SELECT id, home, state, severity, taken, asked IS NOT NULL AS asked, acknowledged_at IS NOT NULL AS "isAcknowledged", (handed ->> 'from') IS NOT NULL AS "wasTaken", started_earliest AS "startedEarliest", resolved_at AS "resolvedAt", party, division,
       charged_party AS "chargedParty", EXISTS (SELECT FROM federation_nodes f WHERE f.node = incidents.home) AS "isFromBelow",
       EXISTS (SELECT FROM federation_downward d WHERE d.subject = incidents.id::text AND d.node = $2) AS "wasGiven"
     FROM incidents WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    [ids, from],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether what it is about is taken from this telling; throws when the teller has nothing to say of it at all. */
function saysFacts({ facts: { id, home, cause } }: ToldOf, known: KnownRow | undefined, { own, from, nodes }: TellingNode): boolean {
  const foreign = (why: string) => new ForeignIncident(id, why);
  if (known !== undefined && (known.home ?? own) !== home) throw foreign(`it was opened at ${known.home ?? own}, not at ${home}`);
  if (nodes === null) return home !== own && known?.isFromBelow !== true;
  if (nodes.has(home)) {
    if (!isNamedBy(cause, nodes)) throw foreign(`${cause}, which it names as its cause, is an object of another node`);
    return true;
  }
  if (home !== own && known === undefined) throw foreign(`${home} does not report through ${from}`);
  // Given to the teller by this node: it says what it does with it.
  if (known !== undefined && !known.wasGiven) throw foreign(`it was not given to ${from}`);
  return false;
}

// Causes that are no objects (a link, an objective) have no node before the colon.
function isNamedBy(cause: string, nodes: ReadonlySet<string>): boolean {
  const of = nodeOfId(cause);
  return of === '' || of.includes('/') || nodes.has(of);
}

function settle({ facts, tiers, escalated }: ToldOf, known: KnownRow | undefined, { nodes }: TellingNode): SettledIncident {
  const homeState = tiers.get(facts.home)?.state ?? (facts.resolvedAt === null ? 'open' : 'resolved');
  // The node above asks by a hand-over, never by this.
  return settleTold(known ?? null, {
    severity: facts.severity,
    homeState,
    resolvedAt: facts.resolvedAt,
    asks: escalated !== null && nodes !== null,
  });
}

/** Writes what they are about. Returns those that are new, or others than before. */
async function saveFacts(
  tx: Queryable,
  told: readonly ToldOf[],
  settled: ReadonlyMap<string, SettledIncident>,
  { from, now }: TellingNode,
): Promise<string[]> {
  if (told.length === 0) return [];
  const rows = told.map(({ facts, tiers, escalated }) => {
    const { state = 'open', taken = false, takenNow = false } = settled.get(facts.id) ?? {};
    const home = tiers.get(facts.home);
    return {
      ...facts,
      condition: facts.facts?.kind === 'condition' ? facts.facts.condition : null,
      at: facts.started.at,
      earliest: facts.started.earliest,
      latest: facts.started.latest,
      state,
      taken,
      takenNow,
      asked: takenNow && escalated !== null ? { ...escalated, node: from, takenAt: now } : null,
      acknowledgedAt: home?.acknowledgedAt ?? null,
      closedAt: home?.closedAt ?? null,
    };
  });
  const { rows: written } = await tx.query<{ id: string }>(SAVE, [JSON.stringify(rows)]);
  return written.map(({ id }) => id);
}

const FACTS = [
  'severity',
  'title',
  'title_en',
  'party',
  'started_at',
  'started_earliest',
  'started_latest',
  'resolved_at',
  'cause_category',
];
const KEPT = [...FACTS, 'charged_party', 'state', 'taken', 'acknowledged_at', 'closed_at', 'facts', 'blast'];
const COLUMNS = ['id', 'home', 'kind', 'cause_object', 'division', 'class', 'opened_at', 'condition', 'asked', ...KEPT];

// Of what this tier acts on, acknowledging and closing are its own: those columns are left as they are.
const NEW_VALUE = (column: string): string =>
  ['acknowledged_at', 'closed_at'].includes(column)
    ? `CASE WHEN incidents.taken THEN incidents.${column} WHEN excluded.taken THEN NULL ELSE excluded.${column} END`
    : ['facts', 'blast'].includes(column)
      ? `coalesce(excluded.${column}, incidents.${column})`
      : `excluded.${column}`;
const SET = [...KEPT.map((column) => `${column} = ${NEW_VALUE(column)}`), 'asked = coalesce(incidents.asked, excluded.asked)'];
const DIFFERS = KEPT.map((column) => `incidents.${column} IS DISTINCT FROM (${NEW_VALUE(column)})`);

const SAVE = `INSERT INTO incidents (${COLUMNS.join(', ')})
  SELECT id, home, kind, cause, division, class, "openedAt", condition, asked, severity, title, "titleEn", party, at, earliest, latest, "resolvedAt",
    "causeCategory", "chargedParty", state, taken, CASE WHEN taken THEN NULL ELSE "acknowledgedAt" END, CASE WHEN taken THEN NULL ELSE "closedAt" END,
    nullif(facts, 'null'), nullif(blast, 'null')
  FROM ROWS FROM (jsonb_to_recordset($1) AS (id uuid, home text, kind text, cause text, division text, class text, "openedAt" bigint, condition text,
    asked jsonb, severity text, title text, "titleEn" text, party text, at bigint, earliest bigint, latest bigint, "resolvedAt" bigint,
    "causeCategory" text, "chargedParty" text, state text, taken boolean, "acknowledgedAt" bigint, "closedAt" bigint, facts jsonb, blast jsonb))
    WITH ORDINALITY AS n (id, home, kind, cause, division, class, "openedAt", condition, asked, severity, title, "titleEn", party, at, earliest, latest,
    "resolvedAt", "causeCategory", "chargedParty", state, taken, "acknowledgedAt", "closedAt", facts, blast, position)
  ORDER BY position
  ON CONFLICT (id) DO UPDATE SET ${SET.join(', ')}, revision = incidents.revision + 1
  WHERE (incidents.asked IS NULL AND excluded.asked IS NOT NULL) OR ${DIFFERS.join(' OR ')}
  RETURNING id`;

// Downtime is charged by who is to blame and by how long it lasted.
function chargesOtherwise({ facts }: ToldOf, known: KnownRow | undefined): boolean {
  if (known === undefined) return facts.chargedParty !== null;
  const { startedEarliest, resolvedAt, party, chargedParty } = known;
  return (
    startedEarliest !== facts.started.earliest ||
    resolvedAt !== facts.resolvedAt ||
    party !== facts.party ||
    chargedParty !== facts.chargedParty
  );
}

function noticesOf(incident: string, { tell }: SettledIncident, told: ToldOf | undefined, { now, tellAt = now }: TellingNode): NewNotice[] {
  if (tell === null || told === undefined) return [];
  const occasion = tell === 'escalated' ? told.facts.severity : '';
  const body = tell === 'resolved' ? { resolution: 'recovered' as const } : {};
  return [{ incident, step: tell, occasion, body, decidedAt: now, dueAt: tell === 'resolved' ? now : tellAt }];
}

/** Rows of the log that say that another tier told of incidents; `taken` where this one is asked to act. */
async function logOf(
  tx: Queryable,
  said: ReadonlySet<string>,
  of: {
    readonly settled: ReadonlyMap<string, SettledIncident>;
    readonly changed: ReadonlySet<string>;
    readonly from: string;
    readonly now: number;
  },
): Promise<NewLogEntry[]> {
  const ids = [...said];
  if (ids.length === 0) return [];
  const { rows } = await tx.query<
    Pick<IncidentBody, 'number' | 'state' | 'severity' | 'cause'> & { id: string; kind: NonNullable<IncidentBody['kind']> }
  >('SELECT id, number, state, severity, cause_object AS cause, kind FROM incidents WHERE id = ANY ($1::uuid[]) ORDER BY number', [ids]);
  return rows.map(({ id, ...row }): NewLogEntry => {
    const change = of.settled.get(id)?.takenNow === true ? 'taken' : 'told';
    const words = of.changed.has(id) ? {} : { other: of.from };
    return { kind: 'incident', subject: id, body: { ...row, incident: id, change, object: null, ...words }, eventAt: of.now };
  });
}
