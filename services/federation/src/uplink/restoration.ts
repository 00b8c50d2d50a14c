/** What this node does when the node above has another history of it than it has itself: a back-up was restored here (decision 0026 §7). */
import type { LogPlace } from '@beacontower/contracts';
import { beginAnew, type Database, goOnFrom, hashesOfUplinkLines } from '@beacontower/database';
import type { Logger } from '@beacontower/runtime';
import type { ParentClient } from './client.ts';

export interface RestorationDependencies {
  readonly database: Database;
  readonly logger: Logger;
  readonly client: Pick<ParentClient, 'marks'>;
}

/**
 * Begins a new incarnation that goes on from the last place that both sides have of this one; where there is none, everything is told anew. Returns
 * the new one; null when another has been begun already.
 */
export async function goOnFromCommonPlace(
  { database, logger, client }: RestorationDependencies,
  incarnation: string,
  signal: AbortSignal,
): Promise<string | null> {
  const { marks } = await client.marks(incarnation, signal);
  const common = await lastCommon(database, incarnation, marks);
  const fresh = common === null ? await beginAnew(database, null, incarnation) : await goOnFrom(database, incarnation, common.sequence);
  if (fresh !== null)
    logger.warn({ before: incarnation, incarnation: fresh, common }, 'a back-up was restored here: the log goes on as a new incarnation');
  return fresh;
}

async function lastCommon(database: Database, incarnation: string, marks: readonly LogPlace[]): Promise<LogPlace | null> {
  const asked = marks.filter((mark) => mark.incarnation === incarnation && mark.sequence > 0);
  const hashes = await hashesOfUplinkLines(
    database,
    asked.map(({ sequence }) => sequence),
  );
  const common = asked.filter(({ sequence, hash }) => hashes.get(sequence) === hash);
  return common.reduce<LogPlace | null>((last, mark) => (last === null || mark.sequence > last.sequence ? mark : last), null);
}
