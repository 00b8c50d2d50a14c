import { LONGEST_PLAN_MS } from '@beacontower/contracts';
import { type Database, readCurrentEntities, scopeCovers } from '@beacontower/database';
import type { Principal } from './context.ts';
import { ApiProblem, badField } from './http/problem.ts';

/** Refuses who sees only a part of the node what concerns all of it; `what` begins the sentence. */
export async function requireWholeNode(database: Database, { divisions }: Pick<Principal, 'divisions'>, what: string): Promise<void> {
  const [node] = await readCurrentEntities(database, 'node');
  if (scopeCovers(divisions, node?.division ?? '')) return;
  throw new ApiProblem(403, 'outside-scope', `${what} of the whole node: this needs a token of all its divisions`);
}

/** Refuses what ends before it begins, or lasts longer than a year; it begins at `now` (epoch ms) unless it says when. */
export function checkEnd({ startsAt, endsAt }: { startsAt?: number | undefined; endsAt: number }, now: number): void {
  if (endsAt <= (startsAt ?? now)) throw badField('body', 'endsAt', 'lies in the past', 'a time to come');
  if (endsAt - (startsAt ?? now) > LONGEST_PLAN_MS) throw badField('body', 'endsAt', 'longer than a year', 'an end within a year');
}
