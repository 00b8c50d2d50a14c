/** The statement that sums rows of accounts, and says of which members they do not tell everything. */
import type { Scheme } from '../accounting/index.ts';
import type { Conditions } from '../queries/conditions.ts';
import { memberSelect } from '../queries/objectives.ts';
import type { FigurePlan, MonthPart, Piece } from './plan.ts';

/** Columns summed, in the order of the arrays of the answer; time up is what the others leave. */
export const SUMMED = [
  'total_ms',
  'down_ms',
  'unknown_ms',
  'excluded_ms',
  'degraded_ms',
  'down_least_ms',
  'down_most_ms',
  'up_with_maintenance_ms',
  'down_with_maintenance_ms',
] as const;
type Summed = (typeof SUMMED)[number];

/** What a statement is made of. `where` holds the conditions of members, and gets the values of the rest. */
export interface SumsQuery {
  readonly where: Conditions;
  readonly plan: FigurePlan;
  readonly scheme: Scheme | undefined;
  /** Keys of the members, where they are few enough to be looked up one by one. */
  readonly keys: readonly number[] | null;
  /** Ids of objects of which the tail is not as their state now says. */
  readonly busy: readonly string[];
  /** Whether all that is pinged, and all else, has been judged up to the end, and composed; `nodes` are all others there are. */
  readonly judged: {
    readonly pinged: JudgedPart;
    readonly others: JudgedPart;
    readonly composed: JudgedPart;
    readonly nodes: readonly string[];
  };
}

/** Of this node's own objects, and of which other nodes not. */
interface JudgedPart {
  readonly own: boolean;
  readonly late: readonly string[];
}

/**
 * CTEs up to `accounted`: one row a member with `rows_ok` (every day asked is accounted), `ok` (and what is less than a day is known without
 * looking), the experienced sums of the rows (and, where that is known, of what is less than a day), and `others`: what the responsible ones
 * are more, in the order of `SUMMED`; null where they are the same.
 */
export function accountedSql(query: SumsQuery): string {
  const { where, plan } = query;
  const parts = plan.parts.map((part) => partSql(query, part));
  const ctes = [...memberSpanSql(where, plan, memberSelect(where, ', i.pinged, i.leans'))];
  const months = monthsSql(query);
  ctes.push(...months.ctes, ...parts.flatMap((part) => part.ctes));
  const tail = tailSql(query);
  const joins = ['LEFT JOIN object_keys k ON k.id = member.id', ...months.joins, ...parts.flatMap((part) => part.joins), ...tail.joins];
  const rows = ['unbroken', ...months.rowsOk, ...parts.flatMap((part) => part.rowsOk)].join(' AND ');
  const edges = [...parts.flatMap((part) => part.edgesOk), ...tail.edgesOk].join(' AND ') || 'true';
  const sums = SUMMED.map((column) => {
    const own = [...months.sum(column), ...parts.flatMap((part) => part.sum(column))].join(' + ') || '0';
    const edge = [...parts.flatMap((part) => part.edgeSum(column)), ...tail.edgeSum(column)].join(' + ');
    const known = edge === '' ? '' : ` + CASE WHEN ${edges} THEN ${edge} ELSE 0 END`;
    return `(${own}${known})::float8 AS ${column}`;
  });
  const others = SUMMED.map((column) => {
    const other = [...months.difference(column), ...parts.flatMap((part) => part.difference(column))].join(' + ') || '0';
    return `(${other})::float8`;
  });
  const differs = [...months.differs, ...parts.flatMap((part) => part.differs)].join(' OR ') || 'false';
  // OFFSET 0: what was computed once is not put into every expression that uses it.
  return `${ctes.join(',\n')},
    accounted AS MATERIALIZED (
      SELECT *, rows_ok AND edges_ok AS ok, total_ms - excluded_ms AS counted, total_ms - excluded_ms - unknown_ms AS observed,
        up_with_maintenance_ms + down_with_maintenance_ms AS worked
      FROM (SELECT member.id, member.name, member.division, member.party, member.weight, member."resolutionMs", (${rows}) AS rows_ok, (${edges}) AS edges_ok,
        ${sums.join(', ')}, CASE WHEN ${differs} THEN ARRAY[${others.join(', ')}] END AS others
        FROM member_span member ${joins.join('\n')} OFFSET 0) AS gathered)`;
}

/** CTEs `member` (the rows of `member`), `came` and `member_span`: with the first and the last moment of `[from, to)` that each was in commission. */
export function memberSpanSql(where: Conditions, span: { readonly from: number; readonly to: number }, member: string): string[] {
  const from = where.value(span.from);
  const to = where.value(span.to);
  return [
    `member AS (${member})`,
    // Two conditions and not one with OR: each has an index.
    `came AS (SELECT i.id, greatest(min(i.valid_from), ${from}) AS first, least(max(coalesce(i.valid_to, ${to})), ${to}) AS last,
       sum(least(coalesce(i.valid_to, ${to}), ${to}) - greatest(i.valid_from, ${from})) AS there FROM (
         SELECT id, valid_from, valid_to FROM inventory WHERE entity = 'object' AND superseded_at IS NULL AND valid_from > ${from} AND valid_from < ${to}
         UNION
         SELECT id, valid_from, valid_to FROM inventory WHERE entity = 'object' AND superseded_at IS NULL
           AND valid_to IS NOT NULL AND valid_to > ${from} AND valid_to < ${to} AND valid_from < ${to}) AS i GROUP BY i.id)`,
    `member_span AS (SELECT member.*, coalesce(came.first, ${from}) AS first, coalesce(came.last, ${to}) AS last,
       coalesce(came.there = came.last - came.first, true) AS unbroken FROM member LEFT JOIN came USING (id))`,
  ];
}

interface Fragments {
  readonly ctes: readonly string[];
  readonly joins: readonly string[];
  /** Conditions under which the rows tell every whole day. */
  readonly rowsOk: readonly string[];
  /** Conditions under which what is less than a day is known as well. */
  readonly edgesOk: readonly string[];
  sum(column: Summed): string[];
  edgeSum(column: Summed): string[];
  /** Responsible less experienced. */
  difference(column: Summed): string[];
  /** Whether there is a difference. */
  readonly differs: readonly string[];
}

const NOTHING = {
  ctes: [],
  joins: [],
  rowsOk: [],
  edgesOk: [],
  sum: () => [],
  edgeSum: () => [],
  difference: () => [],
  differs: [],
} satisfies Fragments;

/** Whole months: all their days are there if and only if their totals come to the time in commission. */
function monthsSql({ where, plan, scheme, keys }: SumsQuery): Fragments {
  const [first, last] = [plan.months[0], plan.months.at(-1)];
  const span = plan.monthsSpan;
  if (first === undefined || last === undefined || span === null || scheme === undefined) return NOTHING;
  const bounds = `BETWEEN ${where.value(first.month)} AND ${where.value(last.month)}`;
  const hashes = `${where.value(plan.months.map((month) => month.hash))}::int[]`;
  const few = keys === null ? '' : `AND m.object = ANY (${where.value(keys)}::int[])`;
  const sound = `m.month ${bounds} ${few} AND m.calendar_hash = ANY (${hashes})
    AND (m.month < ${where.value(last.month)} OR m.days <= ${where.value(plan.latestBits)})`;
  const experienced = where.value(scheme.experienced);
  const responsible = where.value(scheme.responsible);
  const [from, to] = [where.value(span.from), where.value(span.to)];
  return {
    ...NOTHING,
    ctes: [
      `months AS (SELECT m.object, ${SUMMED.map((column) => `sum(m.${column}::float8) AS ${column}`).join(', ')}
         FROM accounting_months m WHERE m.scheme = ${experienced}::smallint AND ${sound} GROUP BY m.object)`,
      `charged AS (SELECT m.object, ${SUMMED.map((column) => `sum(m.${column} - e.${column})::float8 AS ${column}`).join(', ')}
         FROM accounting_months m JOIN accounting_months e ON e.scheme = ${experienced}::smallint AND e.month = m.month AND e.object = m.object
         WHERE m.scheme = ${responsible}::smallint AND ${sound} GROUP BY m.object)`,
    ],
    joins: ['LEFT JOIN months ON months.object = k.key', 'LEFT JOIN charged ON charged.object = k.key'],
    rowsOk: [`coalesce(months.total_ms, 0) = greatest(0, least(member.last, ${to}::bigint) - greatest(member.first, ${from}::bigint))`],
    sum: (column) => [`coalesce(months.${column}, 0)`],
    difference: (column) => [`coalesce(charged.${column}, 0)`],
    differs: ['charged.object IS NOT NULL'],
  };
}

/** Whole days of a month: those without a row were wholly up; and edges within accounted days, known where the day has no row. */
function partSql({ where, scheme, keys }: SumsQuery, part: MonthPart): Fragments {
  if (scheme === undefined) return NOTHING;
  const name = `part_${part.month.month}`;
  const few = keys === null ? '' : `AND object = ANY (${where.value(keys)}::int[])`;
  const [experienced, responsible] = [where.value(scheme.experienced), where.value(scheme.responsible)];
  const needed = where.value(part.needed);
  const ctes = [
    `${name} AS (SELECT object FROM accounting_months WHERE scheme = ${experienced}::smallint AND month = ${where.value(part.month.month)}
       AND calendar_hash = ${where.value(part.month.hash)} AND days & ${needed}::int = ${needed}::int ${few})`,
  ];
  const joins = [`LEFT JOIN ${name} ON ${name}.object = k.key`];
  const pieces = [...(part.whole === null ? [] : [part.whole]), ...part.edges];
  const covers = (piece: Piece) => `(member.first <= ${piece.from} AND member.last >= ${piece.to})`;
  const rowsOk = pieces.map(
    (piece) => `(${covers(piece)} AND ${name}.object IS NOT NULL OR member.last <= ${piece.from} OR member.first >= ${piece.to})`,
  );
  const edgesOk: string[] = [];
  if (part.edges.length > 0) {
    const days = where.value(part.edges.map((edge) => edge.day));
    ctes.push(`${name}_edges AS (SELECT DISTINCT object FROM accounting_days
      WHERE scheme IN (${experienced}::smallint, ${responsible}::smallint) AND day = ANY (${days}::date[]) ${few})`);
    joins.push(`LEFT JOIN ${name}_edges ON ${name}_edges.object = k.key`);
    edgesOk.push(`${name}_edges.object IS NULL`);
  }
  if (part.whole !== null) {
    const asked = `unnest(${where.value(part.days.map((day) => day.day))}::date[], ${where.value(part.days.map((day) => day.totalMs))}::int[],
      ${where.value(part.days.map((day) => day.countedMs))}::int[]) AS asked (day, total_ms, counted_ms)`;
    ctes.push(
      `${name}_days AS (SELECT object, ${SUMMED.map((column) => `sum(d.${column} - ${served(column, 'asked')})::float8 AS ${column}`).join(', ')}
         FROM ${asked} JOIN accounting_days d USING (day) WHERE d.scheme = ${experienced}::smallint ${few} GROUP BY object)`,
      `${name}_charged AS (SELECT d.object, ${SUMMED.map((column) => `sum(d.${column} - coalesce(e.${column}, ${served(column, 'asked')}))::float8 AS ${column}`).join(', ')}
         FROM ${asked} JOIN accounting_days d USING (day) LEFT JOIN accounting_days e ON e.scheme = ${experienced}::smallint AND e.object = d.object AND e.day = d.day
         WHERE d.scheme = ${responsible}::smallint ${few.replace('object', 'd.object')} GROUP BY d.object)`,
    );
    joins.push(`LEFT JOIN ${name}_days ON ${name}_days.object = k.key`, `LEFT JOIN ${name}_charged ON ${name}_charged.object = k.key`);
  }
  const { whole } = part;
  return {
    ctes,
    joins,
    rowsOk,
    edgesOk,
    sum: (column) => (whole === null ? [] : [...constant(column, whole, covers(whole)), `coalesce(${name}_days.${column}, 0)`]),
    edgeSum: (column) => part.edges.flatMap((edge) => constant(column, edge, covers(edge))),
    difference: (column) => (whole === null ? [] : [`coalesce(${name}_charged.${column}, 0)`]),
    differs: whole === null ? [] : [`${name}_charged.object IS NOT NULL`],
  };
}

/** What has not been accounted yet: known where the object is up since before it began and nothing has been said since. */
function tailSql({ where, plan: { tail }, busy, judged }: SumsQuery): Fragments {
  if (tail === null) return NOTHING;
  const covers = `(member.first <= ${tail.from} AND member.last >= ${tail.to})`;
  const known = [
    judgedSql(where, judged.pinged, judged.nodes),
    `(${judgedSql(where, judged.others, judged.nodes)} OR member.pinged)`,
    `(${judgedSql(where, judged.composed, judged.nodes)} OR member.pinged OR NOT member.leans)`,
  ].join(' AND ');
  const quiet = busy.length === 0 ? 'true' : `member.id <> ALL (${where.value(busy)}::text[])`;
  return {
    ...NOTHING,
    joins: ["LEFT JOIN current_states c ON c.subject = member.id AND c.subject_kind = 'object'"],
    edgesOk: [
      `(${covers} AND ${known} AND coalesce(c.state = 'up' AND c.since < ${tail.from}, false) AND ${quiet}
        OR member.last <= ${tail.from} OR member.first >= ${tail.to})`,
    ],
    edgeSum: (column) => constant(column, tail, covers),
  };
}

// The node is looked at only while one of them is late: taking an id apart for each of 320,000 objects takes a while.
function judgedSql(where: Conditions, { own, late }: JudgedPart, nodes: readonly string[]): string {
  if (own && late.length === 0) return 'true';
  const among = (some: readonly string[]) => `split_part(member.id, ':', 1) = ANY (${where.value(some)}::text[])`;
  if (own) return `NOT (${among(late)})`;
  const known = nodes.filter((node) => !late.includes(node));
  return known.length === 0 ? 'false' : `(${among(known)})`;
}

/** What a stretch adds to a column for an object that was up all through it, where it was in commission. Numbers of the plan, no input. */
function constant(column: Summed, piece: Piece, covers: string): string[] {
  const totalMs = piece.to - piece.from;
  const value =
    { total_ms: totalMs, excluded_ms: totalMs - piece.countedMs, up_with_maintenance_ms: piece.countedMs }[column as string] ?? 0;
  // Two stretches of a fortnight come to more than an integer holds.
  return value === 0 ? [] : [`CASE WHEN ${covers} THEN ${value}::float8 ELSE 0 END`];
}

function served(column: Summed, asked: string): string {
  if (column === 'total_ms') return `${asked}.total_ms`;
  if (column === 'excluded_ms') return `(${asked}.total_ms - ${asked}.counted_ms)`;
  return column === 'up_with_maintenance_ms' ? `${asked}.counted_ms` : '0';
}
