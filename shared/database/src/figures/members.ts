import type { Account } from '@beacontower/domain';
import { readAccounts } from '../accounting/index.ts';
import type { Queryable } from '../pool.ts';
import { type ObjectiveMember, objectiveMembers } from '../queries/objectives.ts';
import type { FigureQuery } from './figure.ts';

/** One member of a figure with what it is accounted by both bases. */
export interface FigureMember {
  readonly member: ObjectiveMember;
  readonly experienced: Account;
  readonly responsible: Account;
}

/** Every member of the figure that was in commission in the period, by id: what the figure of `readFigure` is made of. */
export async function readMembers(db: Queryable, query: FigureQuery): Promise<FigureMember[]> {
  const { objective, scope, from, to, now } = query;
  const members = await objectiveMembers(db, objective, scope, from, to);
  const read = await readAccounts(db, { objects: members.map(({ id }) => id), from, to, timeZone: objective.timeZone, now });
  return members.flatMap((member) => {
    const experienced = read.accounts.get(member.id);
    return experienced ? [{ member, experienced, responsible: experienced }] : [];
  });
}
