import { readClosedFigure } from '@beacontower/database';
import type { Named, Revision } from '../model/model.ts';
import type { BuildContext } from './context.ts';
import type { SourcedFigure } from './source.ts';

/** The versions of a closed figure after the first, the latest first: when, by whom, why, and from what to what. */
export async function revisionsOf({ database }: BuildContext, name: Named, { closed }: SourcedFigure): Promise<Revision[]> {
  const revisions: Revision[] = [];
  for (let later = closed; later !== undefined && later.version > 1; ) {
    const before = await readClosedFigure(database, later.objective, later.from, later.to, later.version - 1);
    const { version, closedAt, closedBy, reason } = later;
    const { basis } = later.body.objective;
    revisions.push({
      objective: name,
      version,
      closedAt,
      closedBy,
      reason,
      before: before?.body.figures[0]?.[basis].availability ?? null,
      after: later.body.figures[0]?.[basis].availability ?? null,
    });
    later = before;
  }
  return revisions;
}
