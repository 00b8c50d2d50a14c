import {
  type Availability,
  type AvailabilityFigures,
  type AvailabilityGroup,
  type AvailabilityQuery,
  type ObjectiveBody,
  timestamp,
} from '@beacontower/contracts';
import type { Accounts, ObjectiveMember } from '@beacontower/database';
import { type Account, type AggregateKind, aggregate, verdictOf } from '@beacontower/domain';

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
  readonly members: readonly ObjectiveMember[];
  readonly accounts: Accounts;
  readonly version: number;
  readonly groupBy: AvailabilityQuery['groupBy'];
  /** Names of divisions or parties, for groups by them. */
  readonly names: ReadonlyMap<string, string>;
}

/** The figure of an objective over a period, and that of each group. Numbers are not rounded. */
export function describeAvailability(input: AvailabilityInput): Availability {
  const groups = input.groupBy === undefined ? [] : groupsOf(input, input.groupBy);
  return { ...figuresOf(input, input.members), groups };
}

function groupsOf(input: AvailabilityInput, groupBy: NonNullable<AvailabilityQuery['groupBy']>): AvailabilityGroup[] {
  const groups = new Map<string | null, ObjectiveMember[]>();
  for (const member of input.members) {
    const key = groupBy === 'object' ? member.id : member[groupBy];
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  return [...groups].map(([key, members]) => ({
    ...figuresOf(input, members),
    key,
    name: groupBy === 'object' ? (members[0]?.name ?? null) : ((key === null ? undefined : input.names.get(key)) ?? null),
  }));
}

function figuresOf({ objective, accounts, version }: AvailabilityInput, members: readonly ObjectiveMember[]): AvailabilityFigures {
  const counted = members.flatMap((member): { account: Account; weight: number; resolutionMs: number }[] => {
    const account = accounts.accounts.get(member.id);
    return account ? [{ account, weight: member.weight, resolutionMs: member.resolutionMs }] : [];
  });
  const { account, unobserved, ...fractions } = aggregate(objective.aggregate, counted);
  return {
    objective: objective.id,
    from: timestamp(accounts.from),
    to: timestamp(accounts.to),
    timeZone: objective.timeZone,
    formula: FORMULAS[objective.aggregate],
    target: objective.target,
    ...fractions,
    verdict: verdictOf(objective.target, fractions),
    resolutionMs: counted.reduce((longest, each) => Math.max(longest, each.resolutionMs), 0),
    upMs: account.upMs,
    downMs: account.downMs,
    unknownMs: account.unknownMs,
    excludedMs: account.excludedMs,
    degradedMs: account.degradedMs,
    members: counted.length,
    membersWithoutAvailability: unobserved,
    version,
    asOf: timestamp(accounts.asOf),
  };
}
