import { z } from 'zod';
import { DeliveryBody, FigureBody, IncidentBody, InterfaceBody, NodeChangeBody, ReportBody } from '../log.ts';
import { StateName, Timestamp } from './common.ts';

/** Types of server-sent events on `/api/v1/live`; the event's `id` is the sequence of the log. */
export const LIVE_TYPES = ['state', 'check', 'incident', 'delivery', 'inventory', 'interface', 'figure', 'report', 'node'] as const;
export type LiveType = (typeof LIVE_TYPES)[number];

const head = { sequence: z.number().int(), at: Timestamp, recordedAt: Timestamp };
const change = {
  object: z.string(),
  from: StateName,
  to: StateName,
  earliest: Timestamp,
  latest: Timestamp,
  reason: z.string(),
};

/** The `data` of one event. */
export const LiveEvent = z
  .discriminatedUnion('type', [
    z.object({ ...head, type: z.literal('state'), ...change }),
    z.object({ ...head, type: z.literal('check'), check: z.string(), ...change }),
    z.object({ ...head, type: z.literal('incident'), ...IncidentBody.shape }),
    z.object({ ...head, type: z.literal('delivery'), ...DeliveryBody.shape }),
    z.object({ ...head, type: z.literal('inventory'), version: z.number().int() }),
    z.object({ ...head, type: z.literal('interface'), ...InterfaceBody.shape }),
    z.object({ ...head, type: z.literal('figure'), ...FigureBody.shape }),
    z.object({ ...head, type: z.literal('report'), ...ReportBody.shape }),
    z.object({ ...head, type: z.literal('node'), ...NodeChangeBody.shape }),
  ])
  .meta({ id: 'LiveEvent' });
export type LiveEvent = z.infer<typeof LiveEvent>;

/** Sent instead of events that were lost (too slow a reader, too old a Last-Event-ID): read again, then follow from `sequence`. */
export const ResyncEvent = z
  .object({ reason: z.enum(['slow', 'too-old', 'ahead']), sequence: z.number().int() })
  .meta({ id: 'ResyncEvent' });
export type ResyncEvent = z.infer<typeof ResyncEvent>;

export const LiveQuery = z.strictObject({
  types: z
    .string()
    .regex(new RegExp(`^(${LIVE_TYPES.join('|')})(,(${LIVE_TYPES.join('|')}))*$`), 'expected types joined by ","')
    .optional(),
});
