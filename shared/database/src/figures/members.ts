import type { Account } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import type { ObjectiveMember } from '../queries/objectives.ts';
import { computeMembers, type UncertainMember } from './careful.ts';
import type { FigureQuery } from './figure.ts';
import { type Prepared, prepare } from './prepare.ts';
import { accountOfSums, type MemberRow, memberOf, memberSums } from './rows.ts';
import { inSnapshot } from './snapshot.ts';
import { accountedSql } from './sums-sql.ts';

/** One member of a figure with what it is accounted by both bases. */
export interface FigureMember {
  readonly member: ObjectiveMember;
  readonly experienced: Account;
  readonly responsible: Account;
}

/** Every member of the figure that was in commission in the period, by id: what the figure of `readFigure` is made of. */
export function readMembers(db: Queryable, query: FigureQuery): Promise<FigureMember[]> {
  return inSnapshot(db, async (tx) => membersOf(tx, await prepare(tx, query)));
}

/** The same of a figure that has been prepared in this snapshot. */
export async function membersOf(tx: Queryable, prepared: Prepared): Promise<FigureMember[]> {
  if (prepared.sums === undefined) return [];
  const text = `WITH ${accountedSql(prepared.sums)} SELECT ${memberSums} FROM accounted`;
  const { rows } = await tx.query<MemberRow>(text, prepared.sums.where.values);
  const known: FigureMember[] = [];
  const uncertain: UncertainMember[] = [];
  for (const row of rows) {
    const sums = row.rowsOk ? bothOf(row) : null;
    if (row.ok && sums !== null) known.push({ member: memberOf(row), ...sums });
    else uncertain.push({ member: memberOf(row), rows: sums });
  }
  const all = [...known, ...(await computeMembers(tx, prepared, uncertain))];
  return all.sort((a, b) => (a.member.id < b.member.id ? -1 : 1));
}

/** Both accounts of a row; most outages are an object's own. */
export function bothOf({ sums, others }: MemberRow): { experienced: Account; responsible: Account } {
  const experienced = accountOfSums(sums);
  const responsible = others === null ? experienced : accountOfSums(sums.map((sum, index) => sum + (others[index] ?? 0)));
  return { experienced, responsible };
}
