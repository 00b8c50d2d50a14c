import type { ObjectiveBody } from '@beacontower/contracts';
import { type AggregateResult, aggregate } from '@beacontower/domain';
import { readAccounts } from '../accounting/index.ts';
import type { Queryable } from '../pool.ts';
import type { Scope } from '../queries/conditions.ts';
import { type ObjectiveMember, objectiveMembers } from '../queries/objectives.ts';

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

/** The one reader of figures: the API, the closing of periods, early warnings and reports all show what it gives. */
export async function readFigure(db: Queryable, query: FigureQuery): Promise<Figure> {
  const { objective, scope, from, to, now } = query;
  const members = await objectiveMembers(db, objective, scope, from, to);
  const read = await readAccounts(db, { objects: members.map(({ id }) => id), from, to, timeZone: objective.timeZone, now });
  const groupOf = (key: string | null, of: readonly ObjectiveMember[]): FigureGroup => {
    const counted = of.flatMap((member) => {
      const account = read.accounts.get(member.id);
      return account ? [{ account, weight: member.weight, resolutionMs: member.resolutionMs }] : [];
    });
    const experienced = aggregate(objective.aggregate, counted);
    const resolutionMs = counted.reduce((longest, each) => Math.max(longest, each.resolutionMs), 0);
    return { key, members: counted.length, resolutionMs, experienced, responsible: experienced };
  };
  const groups = new Map<string | null, ObjectiveMember[]>();
  for (const member of query.groupBy === undefined ? [] : members) {
    const key = keyOf(member, query);
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  return {
    from: read.from,
    to: read.to,
    asOf: read.asOf,
    whole: groupOf(null, members),
    groups: [...groups].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)).map(([key, of]) => groupOf(key, of)),
  };
}

function keyOf(member: ObjectiveMember, { groupBy, depth, objective }: FigureQuery): string | null {
  if (groupBy === 'object') return member.id;
  if (groupBy === 'party') return member.party;
  if (depth === undefined) return member.division;
  const above = objective.division === '' ? 0 : objective.division.split('.').length;
  return member.division
    .split('.')
    .slice(0, above + depth)
    .join('.');
}
