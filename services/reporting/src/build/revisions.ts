import { type ClosedFigure, type Figure, foldClosed, readClosedFigure } from '@beacontower/database';
import type { Named, Revision } from '../model/model.ts';
import type { BuildContext } from './context.ts';
import type { SourcedFigure } from './source.ts';

/**
 * The versions of a closed figure after the first, the latest first: when, by whom, why, and from what to what. The figures are those
 * of the members that the report is about, as everywhere in it; a version that changes none of these is left out.
 */
export async function revisionsOf(context: BuildContext, name: Named, { closed }: SourcedFigure): Promise<Revision[]> {
  const revisions: Revision[] = [];
  for (let later = closed; later !== undefined && later.version > 1; ) {
    const before: ClosedFigure | undefined = await readClosedFigure(
      context.database,
      later.objective,
      later.from,
      later.to,
      later.version - 1,
    );
    const now = await partOf(context, later);
    const then = before === undefined ? undefined : await partOf(context, before);
    const { version, closedAt, closedBy, reason } = later;
    const { basis } = later.body.objective;
    if (JSON.stringify(now) !== JSON.stringify(then))
      revisions.push({
        objective: name,
        version,
        closedAt,
        closedBy,
        reason,
        before: then?.[basis].availability ?? null,
        after: now[basis].availability,
      });
    later = before;
  }
  return revisions;
}

async function partOf({ database, order }: BuildContext, closed: ClosedFigure): Promise<Figure['whole']> {
  return (await foldClosed(database, closed, { scope: [order.division] }, () => null)).whole;
}
