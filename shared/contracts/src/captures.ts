/** What is looked at when an incident is opened: the questions that travel to whoever can look, their answers, and what is kept of them. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { LatestTraffic } from './api/series.ts';

const epochMs = z.number().int().nonnegative();

/** Name under which the collectors of a zone are asked for the way to an address (see the queue's `ask`). */
export const tracerouteKind = (zone: string): string => `traceroute-${zone}`;

/** A question to the collectors of a zone. */
export const TracerouteQuestion = z.object({ address: z.string().refine((text) => isIP(text) !== 0, 'is no address') });
export type TracerouteQuestion = z.infer<typeof TracerouteQuestion>;

/** One hop of a way; address null: whoever is there kept silent. */
export const TracerouteHop = z.object({
  ttl: z.number().int().min(1),
  address: z.string().nullable(),
  rttMs: z.number().nullable(),
  /** What it said beside being there, such as that the host or the network behind it cannot be reached. */
  note: z.string().nullable(),
});
export type TracerouteHop = z.infer<typeof TracerouteHop>;

/** Its answer, and what is kept of it. */
export const TracerouteAnswer = z.object({
  address: z.string(),
  /** Epoch ms: when it was begun. */
  at: epochMs,
  by: z.enum(['fping', 'tracepath']),
  reached: z.boolean(),
  hops: z.array(TracerouteHop),
  /** What one must know to read it; null: nothing. */
  note: z.string().nullable(),
});
export type TracerouteAnswer = z.infer<typeof TracerouteAnswer>;

const points = z.array(z.tuple([epochMs, z.number(), z.number(), z.number()]));

/** What is kept of the last samples before the failure, and over it. */
export const CapturedSamples = z.discriminatedUnion('of', [
  /** Of an ICMP check: `[epoch ms, min, avg, max]` of round-trip times in ms, and of the share of probes lost. */
  z.object({ of: z.literal('icmp'), from: epochMs, to: epochMs, rtt: points, loss: points }),
  /** Of interfaces: their last reading before; the busiest first. `total`: how many there are. */
  z.object({
    of: z.literal('interfaces'),
    total: z.number().int(),
    interfaces: z.array(z.object({ object: z.string(), name: z.string(), traffic: LatestTraffic })),
  }),
]);
export type CapturedSamples = z.infer<typeof CapturedSamples>;
