/** The lines of the log channel: one JSON document each, chained by the hashes of their bytes. */
import { z } from 'zod';
import { EpochMs, Sequence, Sha256 } from './codes.ts';
import {
  IncarnationPayload,
  IncidentPayload,
  InventoryPayload,
  MaintenancePayload,
  NodePayload,
  OutagePayload,
  PartyPayload,
  ReclassificationPayload,
  RevisionPayload,
  RollupPayload,
  TransitionPayload,
} from './payloads.ts';

/** What a line may be about. A receiver that meets a kind it does not know refuses the line: kinds come with versions. */
export const ENVELOPE_PAYLOADS = {
  incarnation: IncarnationPayload,
  node: NodePayload,
  party: PartyPayload,
  inventory: InventoryPayload,
  transition: TransitionPayload,
  revision: RevisionPayload,
  outage: OutagePayload,
  incident: IncidentPayload,
  maintenance: MaintenancePayload,
  reclassification: ReclassificationPayload,
  rollup: RollupPayload,
} as const;
export type EnvelopeKind = keyof typeof ENVELOPE_PAYLOADS;
export const ENVELOPE_KINDS = Object.keys(ENVELOPE_PAYLOADS) as [EnvelopeKind, ...EnvelopeKind[]];

const head = {
  /** 1 for the first line of an incarnation, one more with each. */
  sequence: Sequence,
  /** SHA-256 of the bytes of the line before, without its end; 64 zeros in the first. */
  previous: Sha256,
  /** When it happened, by the record of the sender. */
  eventAt: EpochMs,
  /** When the sender knew. */
  recordedAt: EpochMs,
};

const of = <K extends EnvelopeKind>(kind: K) => z.strictObject({ ...head, kind: z.literal(kind), payload: ENVELOPE_PAYLOADS[kind] });

/** One line of a node's log. */
export const Envelope = z
  .discriminatedUnion('kind', [
    of('incarnation'),
    of('node'),
    of('party'),
    of('inventory'),
    of('transition'),
    of('revision'),
    of('outage'),
    of('incident'),
    of('maintenance'),
    of('reclassification'),
    of('rollup'),
  ])
  .meta({ id: 'Envelope' });
export type Envelope = z.infer<typeof Envelope>;
export type EnvelopeOf<K extends EnvelopeKind> = Extract<Envelope, { kind: K }>;

/** Bounds of one request of the log channel; a receiver may say lower ones in its hello, never higher. */
export const LOG_LIMITS = { lines: 5_000, bytes: 16 * 1024 * 1024, lineBytes: 512 * 1024 } as const;
/** Bounds of any other message, once decompressed. */
export const MESSAGE_BYTES = 32 * 1024 * 1024;
