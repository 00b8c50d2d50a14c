/** Members of whom the rows of accounts do not tell everything: the rest is computed from what was recorded. */
import { sumAccounts } from '@beacontower/domain';
import { accountsOf, type BothAccounts, readFacts } from '../accounting/index.ts';
import type { Queryable } from '../pool.ts';
import type { ObjectiveMember } from '../queries/objectives.ts';
import type { FigureMember } from './members.ts';
import { edgesOf } from './plan.ts';
import type { Prepared } from './prepare.ts';

/** A member with what its rows tell; null when some of them are missing. */
export interface UncertainMember {
  readonly member: ObjectiveMember;
  readonly rows: BothAccounts | null;
}

const MEMBERS_A_STEP = 5_000;

/** The members with their accounts; those never in commission are left out. */
export async function computeMembers(
  tx: Queryable,
  { plan, judged }: Prepared,
  uncertain: readonly UncertainMember[],
): Promise<FigureMember[]> {
  const result: FigureMember[] = [];
  const summed = uncertain.filter(({ rows }) => rows !== null);
  const missing = uncertain.filter(({ rows }) => rows === null);
  const edges = edgesOf(plan);
  for (const some of steps(summed)) {
    const read = await Promise.all(edges.map((edge) => readFacts(tx, idsOf(some), edge, judged)));
    for (const { member, rows } of some) {
      const parts = edges.flatMap((edge, index) => {
        const facts = read[index]?.get(member.id);
        return facts === undefined ? [] : [accountsOf(facts, edge, plan.counted)];
      });
      result.push({ member, ...sumBoth([...(rows === null ? [] : [rows]), ...parts]) });
    }
  }
  for (const some of steps(missing)) {
    const read = await readFacts(tx, idsOf(some), plan, judged);
    for (const { member } of some) {
      const facts = read.get(member.id);
      if (facts !== undefined) result.push({ member, ...accountsOf(facts, plan, plan.counted) });
    }
  }
  return result;
}

function* steps<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += MEMBERS_A_STEP) yield items.slice(start, start + MEMBERS_A_STEP);
}

function idsOf(some: readonly UncertainMember[]): string[] {
  return some.map(({ member }) => member.id);
}

function sumBoth(parts: readonly BothAccounts[]): BothAccounts {
  return {
    experienced: sumAccounts(parts.map((part) => part.experienced)),
    responsible: sumAccounts(parts.map((part) => part.responsible)),
  };
}
