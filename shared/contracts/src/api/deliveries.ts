/** Messages, each attempt to send them, and the channels they go by, as the API shows them. */
import { z } from 'zod';
import { DeliveryBecause } from '../telling.ts';
import { pageOf, paging, Timestamp, Uuid } from './common.ts';
import { IncidentTitles } from './incidents.ts';

/**
 * `waiting` for its group; `withheld` (silence, maintenance, quiet hours, flapping, merged); `grouped`: sent in one message with others,
 * whose fate is its own (`carrier`); `pending`, `sending`, `retrying` while it is under way; then one of the rest. `uncertain`: it may
 * have arrived. `cancelled`: a resolution of which no alarm had arrived.
 */
export const DELIVERY_STATES = [
  'waiting',
  'withheld',
  'grouped',
  'pending',
  'sending',
  'retrying',
  'delivered',
  'uncertain',
  'dead',
  'cancelled',
] as const;

/** Why a message went by another channel than its target's: `circuit-open` and `failing` (the channel stays down), `refused`, `exhausted` (of attempts). */
export const DIVERSION_REASONS = ['circuit-open', 'failing', 'refused', 'exhausted'] as const;
export type DiversionReason = (typeof DIVERSION_REASONS)[number];

/** Column `fallbacks` of a delivery: where it may go while its channel stays down, in order. */
export const Fallback = z.object({ channel: z.string(), address: z.string().nullable() });
export type Fallback = z.infer<typeof Fallback>;

/** Column `diverted` of a delivery: ways that were given up, in order; `at` epoch ms. */
export const Diversion = Fallback.extend({ at: z.number().int(), why: z.enum(DIVERSION_REASONS) });
export type Diversion = z.infer<typeof Diversion>;

/** `GET /api/v1/deliveries`, newest first. */
export const DeliveryQuery = z.strictObject({
  incident: Uuid.optional(),
  state: z.enum(DELIVERY_STATES).optional(),
  channel: z.string().min(1).max(200).optional(),
  contact: z.string().min(1).max(200).optional(),
  ...paging,
});
export type DeliveryQuery = z.infer<typeof DeliveryQuery>;

const DeliveryAttempt = z.object({
  attempt: z.number().int(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
  outcome: z.string().nullable(),
  status: z.number().int().nullable(),
  response: z.string().nullable(),
  channel: z.string().nullable(),
  address: z.string().nullable(),
  digest: z.string().nullable().describe('SHA-256 (hex) of what was sent'),
});

export const Delivery = z
  .object({
    id: z.string(),
    incident: z.string().nullable().describe('null: a message about several incidents, or about none'),
    about: z
      .object({ number: z.number().int(), title: z.string(), titles: IncidentTitles })
      .nullable()
      .describe('that incident, by its number and title'),
    step: z.string(),
    occasion: z.string(),
    contact: z.string(),
    channel: z.string().describe('by which it goes now'),
    address: z.string().nullable(),
    language: z.string(),
    state: z.enum(DELIVERY_STATES),
    attempt: z.number().int(),
    inDoubt: z.number().int().describe('attempts whose result is unknown'),
    follows: z.string().nullable(),
    route: z.string().nullable(),
    because: DeliveryBecause,
    carrier: z.string().nullable().describe('the message that told of it together with others; its attempts are shown here'),
    carries: z.number().int().describe('how many messages go in this one; 0: it is one itself'),
    target: Fallback.describe("the contact's target as configured"),
    fallbacks: z.array(Fallback).describe('still to be tried while the channel stays down'),
    diverted: z.array(Fallback.extend({ at: Timestamp, why: z.enum(DIVERSION_REASONS) })).describe('ways that were given up'),
    held: z
      .object({ by: z.enum(['breaker', 'limit']), since: Timestamp })
      .nullable()
      .describe('by what a message that is due is kept back: its channel is down, or has sent as many as it may'),
    createdAt: Timestamp,
    releasedAt: Timestamp.nullable().describe('when routing let it go'),
    firstAttemptAt: Timestamp.nullable(),
    dueAt: Timestamp,
    finishedAt: Timestamp.nullable(),
    lastError: z.string().nullable(),
    attempts: z.array(DeliveryAttempt),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof Delivery>;
export const DeliveryPage = pageOf(Delivery);

/** One channel of `GET /api/v1/channels`: how it does. Addresses and secrets are never shown. */
export const ChannelState = z
  .object({
    id: z.string(),
    kind: z.string(),
    limit: z.object({ messages: z.number().int(), perMs: z.number().int() }).nullable(),
    breaker: z.object({
      state: z.enum(['closed', 'open', 'half-open']).describe('open: it is down, and only one message at a time tries it'),
      failures: z.number().int().describe('in a row'),
      openedAt: Timestamp.nullable(),
      probeAt: Timestamp.nullable().describe('when one message may try it again'),
      lastError: z.string().nullable(),
      changedAt: Timestamp.nullable(),
    }),
    underWay: z.number().int().describe('messages that are to go by it'),
    held: z.object({ byBreaker: z.number().int(), byLimit: z.number().int() }),
    heldSince: Timestamp.nullable(),
  })
  .meta({ id: 'ChannelState' });
export type ChannelState = z.infer<typeof ChannelState>;
export const ChannelList = z.object({ items: z.array(ChannelState) });
export type ChannelList = z.infer<typeof ChannelList>;
