import { type Database, readCurrentEntities, scopeCovers } from '@beacontower/database';
import type { Principal } from './context.ts';
import { ApiProblem } from './http/problem.ts';

/** Refuses who sees only a part of the node what concerns all of it; `what` begins the sentence. */
export async function requireWholeNode(database: Database, { divisions }: Pick<Principal, 'divisions'>, what: string): Promise<void> {
  const [node] = await readCurrentEntities(database, 'node');
  if (scopeCovers(divisions, node?.division ?? '')) return;
  throw new ApiProblem(403, 'outside-scope', `${what} of the whole node: this needs a token of all its divisions`);
}
