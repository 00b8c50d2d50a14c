import { z } from 'zod';
import { ObjectiveBody } from '../entities.ts';
import { CalendarVersionBody } from './lines.ts';
import { AccountNumbers, BasisName, FigureNumbers } from './numbers.ts';

const at = z.number().int();

/** Lists of what changed name so many of each sort; the counts tell how many there are. */
export const MOST_CHANGES_NAMED = 1_000;

const named = <T extends z.ZodType>(item: T) => z.object({ count: z.number().int(), items: z.array(item) });

/** What became known since the version before, and what it made of the members. */
export const FigureChanges = z.object({
  /** Members whose account differs by a basis; null where there was none before, or is none now. */
  members: named(z.object({ object: z.string(), basis: BasisName, before: AccountNumbers.nullable(), after: AccountNumbers.nullable() })),
  /** Transitions of these members recorded, or superseded, since. */
  transitions: named(
    z.object({
      id: at,
      object: z.string(),
      from: z.string(),
      to: z.string(),
      at,
      recordedAt: at,
      supersededAt: at.nullable(),
    }),
  ),
  /** Planned work approved, cancelled, or told by a node below since; of that, when it came in here. Versions made before this was kept name none. */
  plannedWork: named(
    z.object({
      id: z.string(),
      title: z.string(),
      node: z.string().nullable(),
      startsAt: at,
      endsAt: at,
      approvedAt: at.nullable(),
      approvedBy: z.string().nullable(),
      cancelledAt: at.nullable(),
      cancelledBy: z.string().nullable(),
      receivedAt: at.nullable(),
    }),
  ).default({ count: 0, items: [] }),
  /** Reclassifications made, or withdrawn, since. */
  reclassifications: named(
    z.object({
      id: z.string(),
      effect: z.enum(['exclude', 'count', 'charge']),
      startsAt: at,
      endsAt: at,
      party: z.string().nullable(),
      reason: z.string(),
      recordedAt: at,
      recordedBy: z.string(),
      withdrawnAt: at.nullable(),
      withdrawnBy: z.string().nullable(),
      withdrawnReason: z.string().nullable(),
    }),
  ),
  /** What people did to incidents of these members since. */
  charges: named(
    z.object({
      incident: z.string(),
      number: at,
      cause: z.string(),
      party: z.string().nullable(),
      at,
      kind: z.string(),
      actor: z.string(),
    }),
  ),
});
export type FigureChanges = z.infer<typeof FigureChanges>;

/** What a closed figure holds beside its members (table `closed_figures`, column `body`). */
export const ClosedFigureBody = z.object({
  objective: ObjectiveBody,
  /** As it was in each part of the period. */
  calendar: z.array(CalendarVersionBody),
  inventoryVersion: z.number().int(),
  /** Members that had not been judged up to the end of the period when it was closed. */
  unjudged: z.number().int(),
  /** The whole first. */
  figures: z.array(FigureNumbers).min(1),
  /** Null of the first version. */
  changes: FigureChanges.nullable(),
  evidence: z.object({ sha256: z.string(), publicKey: z.string(), bytes: z.number().int(), lines: z.number().int() }),
});
export type ClosedFigureBody = z.infer<typeof ClosedFigureBody>;
