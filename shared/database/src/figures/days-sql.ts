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
  /** In commission at most from `first` to `last`, within the asked days of the month; without a break, if `unbroken`. */
  readonly first: number;
  readonly last: number;
  readonly unbroken: boolean;
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
    asked_months AS (SELECT * FROM unnest(${months.join(', ')}) AS a (month, hash, needed, "from", "to")),
    asked_days AS (SELECT * FROM unnest(${askedDays.join(', ')}) AS a (day, month, bit, "from", "to")),
    there AS MATERIALIZED (
      SELECT s.id, s.weight, s.unbroken, k.key, a.month, m.days, greatest(s.first, a."from") AS first, least(s.last, a."to") AS last,
        coalesce(s.unbroken AND s.first <= a."from" AND s.last >= a."to" AND m.days & a.needed = a.needed, false) AS told
      FROM member_span s CROSS JOIN asked_months a LEFT JOIN object_keys k ON k.id = s.id
      LEFT JOIN accounting_months m ON m.scheme = ${experienced}::smallint AND m.month = a.month AND m.object = k.key AND m.calendar_hash = a.hash ${few('m.object')}
      WHERE s.first < a."to" AND s.last > a."from"),
    said AS (
      SELECT ${basis === 'responsible' ? 'DISTINCT ON (d.object, d.day)' : ''} d.day, t.weight, ${SUMMED.map((column) => `d.${column}::float8`).join(', ')}
      FROM asked_days a JOIN accounting_days d ON d.day = a.day AND d.scheme IN (${schemes}) AND d.day BETWEEN ${first}::date AND ${last}::date ${few('d.object')}
      JOIN there t ON t.key = d.object AND t.month = a.month
      WHERE t.unbroken AND t.first <= a."from" AND t.last >= a."to" AND t.days & a.bit <> 0
      ${basis === 'responsible' ? `ORDER BY d.object, d.day, d.scheme = ${experienced}::smallint` : ''}),
    accounted AS (
      SELECT *, total_ms - excluded_ms AS counted, total_ms - excluded_ms - unknown_ms AS observed,
        up_with_maintenance_ms + down_with_maintenance_ms AS worked FROM said)
    SELECT 'group' AS part, month, days, first, last, unbroken, count(*)::int AS members, sum(weight)::float8 AS weight,
      CASE WHEN NOT told THEN array_agg(id) END AS ids, NULL::text AS day, NULL::float8[] AS sums
    FROM there GROUP BY month, days, first, last, unbroken, told
    UNION ALL
    SELECT 'rows', NULL, NULL, NULL, NULL, NULL, count(*)::int, sum(weight)::float8, NULL, day::text, ${partialSums(weighted)} FROM accounted GROUP BY day`;
}
