import { localDate } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { outageEarliest, outageLatest } from './whole-outages.ts';

/** Only the accountant takes it alone; whoever records something about the past shares it until its transaction ends. */
export const ACCOUNTING_LOCK = 0x62740002;

/** What became known about an object: something that changes its figures in `[from, to)`, epoch ms; `to` null: from then on. */
export interface ChangedSpan {
  readonly objectId: string;
  readonly from: number;
  readonly to: number | null;
  /** No outage reaches into it from before or out of it: nothing else needs to be looked at. */
  readonly exact?: boolean;
}

/**
 * Takes away the accounts that what the caller just recorded makes untrue; call it in that transaction, after the recording. An
 * outage that begins before or ends after a span is taken whole, since it is charged whole (decision 0013).
 */
export async function forgetAccounts(tx: Queryable, spans: readonly ChangedSpan[]): Promise<void> {
  if (spans.length === 0) return;
  await tx.query('SELECT pg_advisory_xact_lock_shared($1)', [ACCOUNTING_LOCK]);
  const { rows: zones } = await tx.query<{ zone: string; until: number }>(
    'SELECT time_zone AS zone, max(written_until) AS until FROM accounting_schemes GROUP BY time_zone',
  );
  if (zones.length === 0) return;
  const until = Math.max(...zones.map((zone) => zone.until));
  const exact = spans.filter((span) => span.exact === true && span.from < until);
  const whole = [
    ...exact,
    ...(await withOutages(
      tx,
      spans.filter((span) => span.exact !== true),
    )),
  ];
  for (const { zone, until: end } of zones) {
    const concerned = whole.filter((span) => span.from < end);
    if (concerned.length > 0) await forgetIn(tx, zone, concerned);
  }
}

/** The same for the members of incidents, after who is charged or who belongs to them has changed; for `objects` alone where given. */
export async function forgetIncidentAccounts(
  tx: Queryable,
  incidents: readonly string[],
  objects: readonly string[] | null = null,
): Promise<void> {
  if (incidents.length === 0) return;
  const { rows } = await tx.query<ChangedSpan & { [column: string]: unknown }>(
    `SELECT m.object_id AS "objectId", least(n.started_earliest, m.joined_at) AS from, coalesce(m.left_at, n.resolved_at, n.closed_at) AS to
     FROM incident_members m JOIN incidents n ON n.id = m.incident_id
     WHERE m.incident_id = ANY ($1::uuid[]) AND ($2::text[] IS NULL OR m.object_id = ANY ($2))`,
    [incidents, objects],
  );
  await forgetAccounts(tx, rows);
}

/** The same for everything in the divisions given, and below them, whenever it was there. */
export function forgetDivisionAccounts(tx: Queryable, divisions: readonly string[], from: number, to: number | null): Promise<void> {
  return forgetCovered(tx, { objects: [], divisions }, from, to);
}

/** The same for what objects (devices with their interfaces) and divisions cover. */
export async function forgetCovered(
  tx: Queryable,
  { objects, divisions }: { readonly objects: readonly string[]; readonly divisions: readonly string[] },
  from: number,
  to: number | null,
): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock_shared($1)', [ACCOUNTING_LOCK]);
  const { rows } = await tx.query<{ id: string }>(
    `SELECT k.id FROM object_keys k
     WHERE EXISTS (SELECT FROM accounting_schemes WHERE written_until > $3) AND (k.id = ANY ($1) OR split_part(k.id, '/', 1) = ANY ($1)
       OR EXISTS (SELECT FROM inventory i, unnest($2::text[]) AS d (path) WHERE i.entity = 'object' AND i.id = k.id AND i.superseded_at IS NULL
         AND (d.path = '' OR i.division = d.path OR starts_with(i.division, d.path || '.'))))`,
    [objects, divisions, from],
  );
  await forgetAccounts(
    tx,
    rows.map(({ id }) => ({ objectId: id, from, to })),
  );
}

/** Spans that reach back to the beginning of the outage they begin in, and on to the end of the one they end in. */
async function withOutages(tx: Queryable, spans: readonly ChangedSpan[]): Promise<ChangedSpan[]> {
  if (spans.length === 0) return [];
  const { rows } = await tx.query<{ began: number | null; ends: number | null }>(
    `SELECT ${outageEarliest('s.starts')} AS began, ${outageLatest('s.ends')} AS ends
     FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS s (subject, starts, ends, position)
     ORDER BY position`,
    [spans.map((span) => span.objectId), spans.map((span) => span.from), spans.map((span) => span.to)],
  );
  return spans.map((span, index) => {
    const { began = null, ends = null } = rows[index] ?? {};
    return {
      objectId: span.objectId,
      from: Math.min(span.from, began ?? span.from),
      to: span.to === null ? null : Math.max(span.to, ends ?? span.to),
    };
  });
}

// A month is taken away when one of its days in the span was accounted; a month that ends before what changed stays. Rows are locked in
// one order, so that two who record at once wait for each other and not both for the other.
async function forgetIn(tx: Queryable, timeZone: string, spans: readonly ChangedSpan[]): Promise<void> {
  const first = spans.map((span) => dayOf(span.from, timeZone));
  const last = spans.map((span) => (span.to === null ? FOREVER : dayOf(span.to, timeZone)));
  await tx.query(
    `WITH changed AS (
       SELECT k.key, s.* FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[]) AS s (id, month1, day1, month2, day2)
       JOIN object_keys k ON k.id = s.id),
     untrue AS (
       SELECT m.scheme, m.month, m.object FROM accounting_months m JOIN changed c ON m.object = c.key AND m.month BETWEEN c.month1 AND c.month2
       WHERE m.scheme IN (SELECT scheme FROM accounting_schemes WHERE time_zone = $1)
         AND (m.month > c.month1 OR m.days >> (c.day1 - 1) <> 0)
         AND (m.month < c.month2 OR m.days & ((1::bigint << c.day2) - 1)::int <> 0)
       ORDER BY m.object, m.month, m.scheme FOR UPDATE OF m),
     gone AS (
       DELETE FROM accounting_months m USING untrue u WHERE m.scheme = u.scheme AND m.month = u.month AND m.object = u.object
       RETURNING m.scheme, m.object, m.month)
     DELETE FROM accounting_days d USING gone g
     WHERE d.scheme = g.scheme AND d.object = g.object
       AND d.day >= make_date(g.month / 12, g.month % 12 + 1, 1) AND d.day < (make_date(g.month / 12, g.month % 12 + 1, 1) + interval '1 month')::date`,
    [
      timeZone,
      spans.map((span) => span.objectId),
      first.map((each) => each.month),
      first.map((each) => each.day),
      last.map((each) => each.month),
      last.map((each) => each.day),
    ],
  );
}

const FOREVER = { month: 0x7fffffff, day: 31 };

function dayOf(at: number, timeZone: string): { month: number; day: number } {
  const [year = 0, month = 1, day = 1] = localDate(at, timeZone).split('-').map(Number);
  return { month: year * 12 + month - 1, day };
}
