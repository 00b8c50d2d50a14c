/** The statement that tells, of every accounted day, which members were there and what those came to that were not wholly up. */
import type { AccountedDay, AccountedMonth, Scheme } from '../accounting/index.ts';
import type { Conditions } from '../queries/conditions.ts';
import { partialSums } from './rows.ts';
import { memberSpanSql, SUMMED } from './sums-sql.ts';

/** A month with those of its days that are asked and accounted, in order; at least one. */
export interface AskedMonth {
  readonly month: AccountedMonth;
  readonly days: readonly AccountedDay[];
}

/** What the statement is made of. `where` holds the conditions of members, and gets the values of the rest. */
export interface DaySumsQuery {
  readonly where: Conditions;
  readonly span: { readonly from: number; readonly to: number };
  readonly scheme: Scheme;
  readonly basis: 'experienced' | 'responsible';
  readonly weighted: boolean;
  readonly asked: readonly AskedMonth[];
  /** Keys of the members, where they are few enough to be looked up one by one. */
  readonly keys: readonly number[] | null;
}

/** Members of a month that are alike: `days` has a bit for each day that is accounted, null: none is. */
export interface MonthGroup {
  readonly part: 'group';
  readonly month: number;
  readonly days: number | null;
  /** In commission at most from `first` to `last`, within the asked days of the month; without a break, and a member alike, if `alike`. */
  readonly first: number;
  readonly last: number;
  readonly alike: boolean;
  readonly members: number;
  readonly weight: number;
  /** Who they are, where the rows cannot tell every asked day of them. */
  readonly ids: string[] | null;
}

/** The members of a day that were not wholly up, summed; `sums` as of `partialSums`. */
export interface DayRows {
  readonly part: 'rows';
  readonly day: string;
  readonly members: number;
  readonly weight: number;
  readonly sums: number[];
}

export type DaySumsRow = (MonthGroup | DayRows) & { readonly [column: string]: unknown };

const memberOf = (where: Conditions): string =>
  `SELECT DISTINCT ON (i.id) i.id, coalesce(i.weight, 1) AS weight FROM inventory i ${where} ORDER BY i.id, i.valid_from DESC`;

/**
 * CTE `varied`: members that are not members alike all through the period, since they moved, weigh otherwise, or are of another sort now. Of these
 * each day has members and weights of its own. Only those that changed at all (`came`) are looked at.
 */
function variedSql(where: Conditions, span: DaySumsQuery['span']): string {
  const [from, to] = [where.value(span.from), where.value(span.to)];
  return `varied AS (
      SELECT all_versions.id FROM (
        SELECT i.id, count(*) AS versions FROM inventory i JOIN came USING (id) WHERE i.entity = 'object' AND i.superseded_at IS NULL
          AND i.valid_from < ${to} AND (i.valid_to IS NULL OR i.valid_to > ${from}) GROUP BY i.id) AS all_versions
      LEFT JOIN (
        SELECT i.id, count(*) AS versions, count(DISTINCT coalesce(i.weight, 1)) AS weights FROM inventory i JOIN came USING (id) ${where} GROUP BY i.id) AS matching USING (id)
      WHERE matching.versions IS DISTINCT FROM all_versions.versions OR matching.weights > 1)`;
}

export function daySumsSql({ where, span, scheme, basis, weighted, asked, keys }: DaySumsQuery): string {
  const few = (object: string) => (keys === null ? '' : `AND ${object} = ANY (${where.value(keys)}::int[])`);
  const days = asked.flatMap(({ month, days: some }) => some.map((day) => ({ ...day, month: month.month })));
  const list = (values: readonly (number | string)[], type: string) => `${where.value(values)}::${type}[]`;
  const months = [
    list(
      asked.map(({ month }) => month.month),
      'int',
    ),
    list(
      asked.map(({ month }) => month.hash),
      'int',
    ),
    list(
      asked.map((each) => each.days.reduce((bits, { bit }) => bits | (1 << bit), 0)),
      'int',
    ),
    list(
      asked.map((each) => each.days[0]?.from ?? 0),
      'bigint',
    ),
    list(
      asked.map((each) => each.days.at(-1)?.to ?? 0),
      'bigint',
    ),
  ];
  const askedDays = [
    list(
      days.map(({ day }) => day),
      'date',
    ),
    list(
      days.map(({ month }) => month),
      'int',
    ),
    list(
      days.map(({ bit }) => 1 << bit),
      'int',
    ),
    list(
      days.map(({ from }) => from),
      'bigint',
    ),
    list(
      days.map(({ to }) => to),
      'bigint',
    ),
  ];
  const experienced = where.value(scheme.experienced);
  const [first, last] = [where.value(days[0]?.day), where.value(days.at(-1)?.day)];
  // Days have a row of the responsible basis only where it says something else.
  const schemes =
    basis === 'responsible' ? `${experienced}::smallint, ${where.value(scheme.responsible)}::smallint` : `${experienced}::smallint`;
  return `WITH ${memberSpanSql(where, span, memberOf(where)).join(',\n')},
    ${variedSql(where, span)},
    spans AS (SELECT s.id, s.weight, s.first, s.last, s.unbroken AND v.id IS NULL AS alike FROM member_span s LEFT JOIN varied v USING (id)),
    asked_months AS (SELECT * FROM unnest(${months.join(', ')}) AS a (month, hash, needed, "from", "to")),
    asked_days AS (SELECT * FROM unnest(${askedDays.join(', ')}) AS a (day, month, bit, "from", "to")),
    there AS MATERIALIZED (
      SELECT s.id, s.weight, s.alike, k.key, a.month, m.days, greatest(s.first, a."from") AS first, least(s.last, a."to") AS last,
        coalesce(s.alike AND s.first <= a."from" AND s.last >= a."to" AND m.days & a.needed = a.needed, false) AS told
      FROM spans s CROSS JOIN asked_months a LEFT JOIN object_keys k ON k.id = s.id
      LEFT JOIN accounting_months m ON m.scheme = ${experienced}::smallint AND m.month = a.month AND m.object = k.key AND m.calendar_hash = a.hash ${few('m.object')}
      WHERE s.first < a."to" AND s.last > a."from"),
    said AS (
      SELECT ${basis === 'responsible' ? 'DISTINCT ON (d.object, d.day)' : ''} d.day, t.weight, ${SUMMED.map((column) => `d.${column}::float8`).join(', ')}
      FROM asked_days a JOIN accounting_days d ON d.day = a.day AND d.scheme IN (${schemes}) AND d.day BETWEEN ${first}::date AND ${last}::date ${few('d.object')}
      JOIN there t ON t.key = d.object AND t.month = a.month
      WHERE t.alike AND t.first <= a."from" AND t.last >= a."to" AND t.days & a.bit <> 0
      ${basis === 'responsible' ? `ORDER BY d.object, d.day, d.scheme = ${experienced}::smallint` : ''}),
    accounted AS (
      SELECT *, total_ms - excluded_ms AS counted, total_ms - excluded_ms - unknown_ms AS observed,
        up_with_maintenance_ms + down_with_maintenance_ms AS worked FROM said)
    SELECT 'group' AS part, month, days, first, last, alike, count(*)::int AS members, sum(weight)::float8 AS weight,
      CASE WHEN NOT told THEN array_agg(id) END AS ids, NULL::text AS day, NULL::float8[] AS sums
    FROM there GROUP BY month, days, first, last, alike, told
    UNION ALL
    SELECT 'rows', NULL, NULL, NULL, NULL, NULL, count(*)::int, sum(weight)::float8, NULL, day::text, ${partialSums(weighted)} FROM accounted GROUP BY day`;
}
