import {
  type Availability,
  type AvailabilityFigures,
  type AvailabilityGroup,
  type AvailabilityQuery,
  type ObjectiveBody,
  timestamp,
  timestampOrNull,
} from '@beacontower/contracts';
import type { Figure, FigureGroup, ObservedNode } from '@beacontower/database';
import { type AggregateKind, type AggregateResult, verdictOf } from '@beacontower/domain';

const RULE =
  'A = up / (up + down) of each object; degraded counts as up; maintenance approved before it began is excluded; ' +
  'lowest counts unknown as down and every edge at its worst, highest the opposite';
const FORMULAS: Readonly<Record<AggregateKind, string>> = {
  mean: `arithmetic mean (平均可用率): sum(A_i) / n over the objects that were observed; ${RULE}`,
  'time-weighted': `time-weighted: sum(up_i) / sum(up_i + down_i); ${RULE}`,
  'user-weighted': `user-weighted: sum(w_i * A_i) / sum(w_i) over the objects that were observed, w = users behind the object; ${RULE}`,
};

/** What a figure is made from. */
export interface AvailabilityInput {
  readonly objective: ObjectiveBody;
  readonly basis: ObjectiveBody['basis'];
  readonly figure: Figure;
  readonly groupBy: AvailabilityQuery['groupBy'];
  /** Names of what the groups are about. */
  readonly names: ReadonlyMap<string, string>;
  /** Nodes below that are not heard up to its end. */
  readonly unobserved: readonly ObservedNode[];
  /** The closed version that it is of; a live figure has none. */
  readonly closed?: { readonly version: number; readonly closedAt: number } | undefined;
}

/** The figure of an objective over a period, and that of each group. Numbers are not rounded. */
export function describeAvailability(input: AvailabilityInput): Availability {
  const groups = input.figure.groups.map(
    (group): AvailabilityGroup => ({
      ...figuresOf(input, group),
      key: group.key,
      name: (group.key === null ? undefined : input.names.get(group.key)) ?? null,
    }),
  );
  const unobserved = input.unobserved.map(({ node, name, nameEn, pinged }) => {
    return { node, name, nameEn, since: timestampOrNull(pinged === 0 ? null : pinged) };
  });
  return { ...figuresOf(input, input.figure.whole), groups, unobserved };
}

function figuresOf({ objective, basis, figure, closed }: AvailabilityInput, group: FigureGroup): AvailabilityFigures {
  const { account, unobserved, ...fractions } = group[basis];
  return {
    objective: objective.id,
    from: timestamp(figure.from),
    to: timestamp(figure.to),
    timeZone: objective.timeZone,
    formula: FORMULAS[objective.aggregate],
    target: objective.target,
    ...fractions,
    verdict: verdictOf(objective.target, fractions),
    resolutionMs: group.resolutionMs,
    upMs: account.upMs,
    downMs: account.downMs,
    unknownMs: account.unknownMs,
    excludedMs: account.excludedMs,
    degradedMs: account.degradedMs,
    members: group.members,
    membersWithoutAvailability: unobserved,
    basis,
    experienced: fractionsOf(group.experienced),
    responsible: fractionsOf(group.responsible),
    version: closed?.version ?? 0,
    status: closed === undefined ? 'live' : 'closed',
    closedAt: timestampOrNull(closed?.closedAt ?? null),
    asOf: timestamp(figure.asOf),
  };
}

function fractionsOf({ availability, lowest, highest, completeness, account }: AggregateResult): AvailabilityFigures['experienced'] {
  return { availability, lowest, highest, completeness, downMs: account.downMs };
}
