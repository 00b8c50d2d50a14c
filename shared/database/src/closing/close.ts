import { CalendarBody, type CalendarVersionBody, type ObjectiveBody } from '@beacontower/contracts';
import { intersect } from '@beacontower/domain';
import { appendAudit } from '../access/index.ts';
import { readCalendar } from '../accounting/index.ts';
import type { Database, Queryable } from '../pool.ts';
import type { EvidenceSigner } from './bundle.ts';
import { freezeFigure, NothingChanged } from './freeze.ts';
import { type ClosedFigure, findClosedFigure, readClosedFigure } from './read.ts';

export interface CloseOrder {
  /** The objective of today; a period that was closed before is judged again as it was judged then. */
  readonly objective: ObjectiveBody;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly closedBy: string;
  readonly signer: EvidenceSigner;
  readonly now: number;
}

/** Thrown when somebody else closed the same period at the same moment. */
export class ClosedMeanwhile extends Error {
  readonly code = 'closed-meanwhile';
  constructor() {
    super('the period was closed by somebody else at the same moment');
    this.name = 'ClosedMeanwhile';
  }
}

/**
 * Closes the period: its first version, or the next one when an account of a member differs from the latest; undefined when none
 * does. All of it is one transaction with one view of the record; what is committed meanwhile belongs to the next version.
 */
export async function closePeriod(db: Database, order: CloseOrder): Promise<ClosedFigure | undefined> {
  try {
    const id = await db.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const latest = await readClosedFigure(tx, order.objective.id, order.from, order.to);
      const objective = latest?.body.objective ?? order.objective;
      const calendar = latest === undefined ? await calendarVersions(tx, order) : latest.body.calendar;
      const previous = latest === undefined ? null : { ...latest, sha256: latest.body.evidence.sha256 };
      const figure = await freezeFigure(tx, { ...order, objective, calendar, previous });
      await appendAudit(tx, {
        at: order.now,
        actor: order.closedBy,
        source: null,
        action: latest === undefined ? 'close period' : 'revise period',
        object: figure,
        result: 'done',
        detail: { objective: objective.id, from: order.from, to: order.to, reason: order.reason },
      });
      return figure;
    });
    return await findClosedFigure(db, id);
  } catch (error) {
    if (error instanceof NothingChanged) return undefined;
    if ((error as { code?: unknown }).code === '23505') throw new ClosedMeanwhile();
    throw error;
  }
}

/** The calendar an objective is judged by, as it was in each part of the period. */
export async function calendarVersions(
  db: Queryable,
  { objective, from, to }: Pick<CloseOrder, 'objective' | 'from' | 'to'>,
): Promise<CalendarVersionBody[]> {
  return (await readCalendar(db, objective.calendar)).flatMap((version) =>
    intersect([version], [{ from, to }]).map((span) => ({ ...span, body: version.calendar && CalendarBody.parse(version.calendar) })),
  );
}
