/** Availability as it was frozen when the period was closed. */
import type { AvailabilityQuery, FigureNumbers } from '@beacontower/contracts';
import {
  type ClosedFigure,
  type Database,
  type Figure,
  type FigureGroup,
  foldClosed,
  type ObjectiveMember,
  readClosedFigure,
  type Scope,
  scopeCovers,
  scopeTouches,
} from '@beacontower/database';

/** The closed version that the query is about: the one it names, else the latest; undefined when there is none of the scope's concern. */
export async function findClosed(
  database: Database,
  { objective, from, to, version }: AvailabilityQuery,
  scope: Scope,
): Promise<ClosedFigure | undefined> {
  const closed = await readClosedFigure(database, objective, from, to, typeof version === 'number' ? version : undefined);
  return closed && scopeTouches(scope, closed.division) ? closed : undefined;
}

interface Wanted extends Pick<AvailabilityQuery, 'groupBy' | 'depth'> {
  readonly scope: Scope;
}

/** The frozen figure: as it stands where it was frozen in this form, else folded from the frozen accounts of the members in scope. */
export async function readClosed(database: Database, closed: ClosedFigure, wanted: Wanted): Promise<Figure> {
  const isStored =
    wanted.groupBy === undefined || wanted.groupBy === 'party' || (wanted.groupBy === 'division' && wanted.depth === undefined);
  if (!isStored || !scopeCovers(wanted.scope, closed.division)) return foldClosed(database, closed, wanted, keyOf(closed, wanted));
  const figures = closed.body.figures.map((figure) => ({ group: figure.group, numbers: groupOf(figure) }));
  const of = (group: string | undefined) => figures.filter((each) => each.group === group).map(({ numbers }) => numbers);
  const { from, to, knownUntil } = closed;
  return { from, to, asOf: knownUntil, whole: of('whole')[0] as FigureGroup, groups: of(wanted.groupBy) };
}

function groupOf({ key, members, resolutionMs, experienced, responsible }: FigureNumbers): FigureGroup {
  return { key, members, resolutionMs, experienced, responsible };
}

function keyOf(closed: ClosedFigure, { groupBy, depth }: Wanted): (member: ObjectiveMember) => string | null {
  if (groupBy === 'object') return ({ id }) => id;
  if (groupBy === 'party') return ({ party }) => party;
  if (depth === undefined) return ({ division }) => division;
  const { division } = closed.body.objective;
  const levels = (division === '' ? 0 : division.split('.').length) + depth;
  return (member) => member.division.split('.').slice(0, levels).join('.');
}
