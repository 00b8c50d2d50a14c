import type { ObjectiveBody } from '@beacontower/contracts';
import {
  type AggregateResult,
  addMember,
  type Calendar,
  EMPTY_PARTIAL,
  finishPartial,
  mergePartials,
  type Partial,
} from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import type { Scope } from '../queries/conditions.ts';
import { computeMembers } from './careful.ts';
import { bothOf, type FigureMember } from './members.ts';
import { prepare } from './prepare.ts';
import { type MemberRow, memberOf, memberSums, partialFrom, partialSums, responsibleMembers } from './rows.ts';
import { inSnapshot } from './snapshot.ts';
import { accountedSql, type SumsQuery } from './sums-sql.ts';

export type Grouping = 'division' | 'object' | 'party';

/** Which figure is wanted. The objective is that of today, of a closed period, or one made up for a question. */
export interface FigureQuery {
  readonly objective: ObjectiveBody;
  /** Half-open period, epoch ms; what reaches beyond what has been judged is cut off at `asOf`. */
  readonly from: number;
  readonly to: number;
  readonly groupBy?: Grouping | undefined;
  /** With `groupBy: 'division'`: levels below the division of the objective; absent: the members' own divisions. */
  readonly depth?: number | undefined;
  /** Only members inside are counted. */
  readonly scope: Scope;
  readonly now: number;
  /** The calendar in the place of the inventory's, as it stood when a period was closed; null counts all time. */
  readonly calendar?: Calendar | null | undefined;
}

/** The availability of some members, by both bases (decision 0013). Numbers are not rounded. */
export interface FigureGroup {
  /** Id of the division, object or party; null for the whole and for members without a party. */
  readonly key: string | null;
  /** Members in commission at some time of the period. */
  readonly members: number;
  /** The longest outage that their checks could have missed, ms. */
  readonly resolutionMs: number;
  readonly experienced: AggregateResult;
  readonly responsible: AggregateResult;
}

export interface Figure {
  readonly from: number;
  /** `to` of the query, cut at `asOf`. */
  readonly to: number;
  readonly asOf: number;
  readonly whole: FigureGroup;
  /** In order of their keys. */
  readonly groups: readonly FigureGroup[];
}

/** Members on their way to a group. */
interface Gathered {
  readonly resolutionMs: number;
  readonly experienced: Partial;
  readonly responsible: Partial;
}

const NOBODY: Gathered = { resolutionMs: 0, experienced: EMPTY_PARTIAL, responsible: EMPTY_PARTIAL };

/** The one reader of figures: the API, the closing of periods, early warnings and reports all show what it gives. */
export function readFigure(db: Queryable, query: FigureQuery): Promise<Figure> {
  return inSnapshot(db, async (tx) => {
    const prepared = await prepare(tx, query);
    const { plan, judged, sums, importedMs } = prepared;
    const groups = new Map<string | null, Gathered>();
    const put = (key: string | null, more: Gathered) => groups.set(key, merge(groups.get(key) ?? NOBODY, more));
    const uncertain: MemberRow[] = [];
    for (const row of sums === undefined ? [] : await readRows(tx, sums, query)) {
      if (row.members === null) uncertain.push(row);
      else put(keyOf(row, query), gatheredFrom(row, row.members));
    }
    const rest = uncertain.map((row) => ({ member: memberOf(row), rows: row.rowsOk ? bothOf(row) : null }));
    for (const each of await computeMembers(tx, prepared, rest)) put(keyOf(each.member, query), gatheredOne(each));
    const finish = (key: string | null, of: Gathered): FigureGroup => finishGroup(query.objective.aggregate, key, of, importedMs);
    const whole = [...groups.values()].reduce(merge, NOBODY);
    const ordered = [...groups].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
    return {
      from: plan.from,
      to: plan.to,
      asOf: judged.asOf,
      whole: finish(null, whole),
      groups: query.groupBy === undefined ? [] : ordered.map(([key, of]) => finish(key, of)),
    };
  });
}

/** A group of members whose rows tell everything, or (`members` is null) one member of whom they do not. */
interface SumRow extends MemberRow {
  readonly members: number | null;
  /** What a group is: all of it, or those alone whose responsible account is another, by either basis. */
  readonly part: 'all' | 'experienced' | 'responsible' | null;
}

async function readRows(tx: Queryable, sums: SumsQuery, { objective, groupBy, depth }: FigureQuery): Promise<SumRow[]> {
  const column = { object: 'id', party: 'party', division: 'division', none: null }[groupBy ?? 'none'];
  const levels = depth === undefined || column !== 'division' ? null : levelsOf(objective.division) + depth;
  // Three thousand counties are summed by their provinces here: their rows need not travel.
  const key = levels === null ? (column ?? 'NULL::text') : cutDivision(objective.division, depth ?? 0, sums);
  const shown = (name: string) => (column === name ? key : 'NULL::text');
  const numbers = partialSums(objective.aggregate === 'user-weighted');
  const group = (part: string, from: string) =>
    `SELECT count(*)::int AS members, '${part}' AS part, ${shown('id')} AS id, NULL::text AS name, ${shown('division')} AS division,
       ${shown('party')} AS party, 0::float8 AS weight, max("resolutionMs") AS "resolutionMs", true AS "rowsOk", true AS ok, ${numbers} AS sums,
       NULL::float8[] AS others FROM ${from} GROUP BY ${key}`;
  const text = `WITH ${accountedSql(sums)}
    ${group('all', 'accounted WHERE ok')}
    UNION ALL ${group('experienced', 'accounted WHERE ok AND others IS NOT NULL')}
    UNION ALL ${group('responsible', `(${responsibleMembers}) AS members`)}
    UNION ALL SELECT NULL::int AS members, NULL AS part, ${memberSums} FROM accounted WHERE NOT ok`;
  const { rows } = await tx.query<SumRow>(text, sums.where.values);
  return rows;
}

/** The division `depth` levels below the objective's, of one inside it. One level, the usual, is cut off the quick way. */
function cutDivision(above: string, depth: number, { where }: SumsQuery): string {
  if (depth !== 1 || above === '') return `array_to_string((string_to_array(division, '.'))[1:${levelsOf(above) + depth}], '.')`;
  return `rtrim(${where.value(`${above}.`)}::text || split_part(substr(division, ${above.length + 2}), '.', 1), '.')`;
}

/** What a row adds to its group: of the responsible basis all, less those of whom it differs, and these as they are by it. */
function gatheredFrom({ part, resolutionMs, sums }: SumRow, members: number): Gathered {
  const partial = partialFrom(members, sums);
  if (part === 'all') return { resolutionMs, experienced: partial, responsible: partial };
  const responsible =
    part === 'responsible'
      ? partial
      : partialFrom(
          -members,
          sums.map((sum) => -sum),
        );
  return { resolutionMs, experienced: EMPTY_PARTIAL, responsible };
}

function gatheredOne({ member, experienced, responsible }: FigureMember): Gathered {
  return {
    resolutionMs: member.resolutionMs,
    experienced: addMember(EMPTY_PARTIAL, experienced, member.weight),
    responsible: addMember(EMPTY_PARTIAL, responsible, member.weight),
  };
}

function merge(a: Gathered, b: Gathered): Gathered {
  return {
    resolutionMs: Math.max(a.resolutionMs, b.resolutionMs),
    experienced: mergePartials(a.experienced, b.experienced),
    responsible: mergePartials(a.responsible, b.responsible),
  };
}

function finishGroup(kind: ObjectiveBody['aggregate'], key: string | null, of: Gathered, importedMs: number): FigureGroup {
  return {
    key,
    members: of.experienced.members,
    resolutionMs: of.experienced.members === 0 ? 0 : Math.max(of.resolutionMs, importedMs),
    experienced: finishPartial(kind, of.experienced),
    responsible: finishPartial(kind, of.responsible),
  };
}

function keyOf(
  member: { readonly id: string; readonly division: string; readonly party: string | null },
  { groupBy, depth, objective }: FigureQuery,
): string | null {
  if (groupBy === undefined) return null;
  if (groupBy === 'object') return member.id;
  if (groupBy === 'party') return member.party;
  if (depth === undefined) return member.division;
  return member.division
    .split('.')
    .slice(0, levelsOf(objective.division) + depth)
    .join('.');
}

function levelsOf(division: string): number {
  return division === '' ? 0 : division.split('.').length;
}
