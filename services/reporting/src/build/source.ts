import type { ObjectiveBody } from '@beacontower/contracts';
import {
  type ClosedFigure,
  type Figure,
  type FigureMember,
  foldClosed,
  readClosedFigure,
  readClosedMembers,
  readFigure,
  readMembers,
} from '@beacontower/database';
import type { Interval } from '@beacontower/domain';
import type { FigureStatus } from '../model/model.ts';
import type { BuildContext } from './context.ts';

const MEMBERS_AT_ONCE = 5_000;

/** The figure of a period: that of its latest closed version, or what is known now. */
export interface SourcedFigure {
  /** As it was judged by. */
  readonly objective: ObjectiveBody;
  readonly figure: Figure;
  readonly status: FigureStatus;
  readonly closed: ClosedFigure | undefined;
}

/** Reads the figure of a period with its divisions, `depth` levels below that of the objective. */
export async function readSourced(
  { database, order, now }: BuildContext,
  objective: ObjectiveBody,
  { from, to }: Interval,
  depth: number,
): Promise<SourcedFigure> {
  const query = { scope: [order.division], groupBy: 'division', depth } as const;
  const closed = await readClosedFigure(database, objective.id, from, to);
  if (closed === undefined) {
    const figure = await readFigure(database, { objective, from, to, ...query, now });
    return { objective, figure, status: { kind: 'live', asOf: figure.asOf }, closed };
  }
  const { objective: then } = closed.body;
  const levels = (then.division === '' ? 0 : then.division.split('.').length) + depth;
  const figure = await foldClosed(database, closed, query, (member) => member.division.split('.').slice(0, levels).join('.'));
  const { version, closedAt, closedBy, knownUntil } = closed;
  return { objective: then, figure, status: { kind: 'closed', version, closedAt, closedBy, knownUntil }, closed };
}

/** The members of such a figure: the frozen ones of a closed version. */
export async function readSourcedMembers(
  { database, order, now }: BuildContext,
  { objective, closed }: SourcedFigure,
  { from, to }: Interval,
): Promise<FigureMember[]> {
  const scope = [order.division];
  if (closed === undefined) return readMembers(database, { objective, from, to, scope, now });
  const members: FigureMember[] = [];
  for (let after: string | undefined; ; ) {
    const read = await readClosedMembers(database, closed.id, { scope, after, limit: MEMBERS_AT_ONCE });
    for (const { experienced, responsible, ...member } of read) members.push({ member, experienced, responsible });
    if (read.length < MEMBERS_AT_ONCE) return members;
    after = read.at(-1)?.id;
  }
}
