/** What the figures must come to, computed in another way: from the outages themselves. */
import { type Database, type Figure, type FigureMember, readTransitions } from '@beacontower/database';
import { accountFor } from '@beacontower/domain';
import { FROM, NOW, TO } from './availability-data.ts';

/** Rejects unless the national figure is that of the outages: time down to the millisecond, the mean to nine digits after the point. */
export async function checkNational(db: Database, figure: Figure, objects: number): Promise<void> {
  const { rows } = await db.query<{ down: number; mean: number }>(
    `SELECT sum(down)::bigint AS down, avg(1 - down / $1::float8) AS mean FROM (
       SELECT subject, sum(CASE to_state WHEN 'up' THEN at ELSE -at END) AS down FROM transitions WHERE reason <> 'first-observation' GROUP BY subject) AS each`,
    [TO - FROM],
  );
  const [wanted] = rows;
  const { members, experienced, responsible } = figure.whole;
  const near = Math.abs((experienced.availability ?? 0) - (wanted?.mean ?? 1)) < 1e-9;
  const charged = objects < 100 || responsible.account.downMs < experienced.account.downMs;
  if (members !== objects || experienced.account.downMs !== wanted?.down || !near || !charged) {
    throw new Error(
      `the national figure is wrong: ${members} members, ${experienced.account.downMs} ms down of ${wanted?.down}, mean ${experienced.availability} of ${wanted?.mean}`,
    );
  }
}

/** Rejects unless the accounts of these members are what their transitions say. */
export async function checkMembers(db: Database, members: readonly FigureMember[], from: number, to: number): Promise<void> {
  const transitions = await readTransitions(
    db,
    members.map(({ member }) => member.id),
    from,
    to,
  );
  for (const { member, experienced } of members) {
    const input = {
      from,
      to,
      transitions: transitions.get(member.id) ?? [],
      validity: [{ from: 0, to: NOW }],
      exclusions: [],
      judgedUntil: NOW,
    };
    const wanted = accountFor(input);
    if (JSON.stringify(wanted) !== JSON.stringify(experienced)) {
      throw new Error(`the account of ${member.id} is ${JSON.stringify(experienced)} and not ${JSON.stringify(wanted)}`);
    }
  }
}
