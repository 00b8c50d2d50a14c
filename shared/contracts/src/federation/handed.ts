/** What an incident's row keeps of tiers that asked each other (columns `asked`, `escalated`, `handed`). */
import { z } from 'zod';

const asking = { at: z.number().int(), by: z.string(), note: z.string() };

/** This tier asked the one above. */
export const EscalatedIncident = z.object(asking);
export type EscalatedIncident = z.infer<typeof EscalatedIncident>;

/** A tier below asked this one; `takenAt` by the clock here: clocks run from then on. */
export const AskedIncident = z.object({ ...asking, node: z.string(), takenAt: z.number().int() });
export type AskedIncident = z.infer<typeof AskedIncident>;

export const HAND_OVER_STATES = ['offered', 'accepted', 'declined', 'refused', 'withdrawn'] as const;

/**
 * One hand-over between tiers: to `node` or from it, by the item of that number; `answer` is what was said with the answer. `withdrawn`: the tier above took
 * it back, and it is that tier's word that the answer is.
 */
export const HandOver = z.object({
  ...asking,
  node: z.string(),
  number: z.number().int(),
  to: z.string().nullable(),
  state: z.enum(HAND_OVER_STATES),
  answeredAt: z.number().int().nullable(),
  answeredBy: z.string().nullable(),
  answer: z.string().nullable(),
});
export type HandOver = z.infer<typeof HandOver>;

/** How a hand-over to a node stands at the tier above, as that tier says it with every word of the incident. */
export const HandOverStanding = z.object({
  number: z.number().int().positive().describe('of the item by which it was offered'),
  state: z.enum(HAND_OVER_STATES),
  by: z.string().max(200).nullable().describe('who answered it, or took it back'),
  at: z.number().int().nullable(),
  note: z.string().max(2_000).nullable(),
});
export type HandOverStanding = z.infer<typeof HandOverStanding>;

/** Given to a node below (`down`), come from the one above (`from`): a tier in the middle may have both. */
export const HandedIncident = z.object({ down: HandOver.nullable().default(null), from: HandOver.nullable().default(null) });
export type HandedIncident = z.infer<typeof HandedIncident>;
