/** The calls of federation protocol v1 under `/federation/v1`: what is asked and answered. */
import { REASONS, STATES } from '@beacontower/domain';
import { z } from 'zod';
import { EpochMs, FEDERATION_CODE_NAMES, LogPlace, Sequence, Sha256 } from './codes.ts';
import { HandOverStanding } from './handed.ts';
import { GlobalId, NodeId } from './payloads.ts';

/** The versions that are spoken here. */
export const PROTOCOL_VERSIONS = [1] as const;
export const FEDERATION_PATH = '/federation/v1';

/** What a node can do beside what every node must. */
export const CAPABILITIES = ['outages', 'transitions', 'revisions', 'incidents', 'hand-over', 'distribution', 'digests', 'relay'] as const;

/** `POST /hello`: the first call of every connection, and again whenever somebody answers `hello-needed`. */
export const Hello = z
  .object({
    protocols: z.array(z.number().int().positive()).min(1).max(16),
    node: NodeId,
    division: z.string().max(256),
    incarnation: z.uuid(),
    software: z.object({ name: z.string().max(100), version: z.string().max(100) }),
    capabilities: z.array(z.string().max(64)).max(64),
    time: EpochMs.describe('the clock of the sender as it sends'),
    log: z
      .object({ first: Sequence, last: z.number().int().nonnegative(), hash: Sha256 })
      .describe('what it has of its log, and the hash of the last line'),
  })
  .meta({ id: 'Hello' });
export type Hello = z.infer<typeof Hello>;

export const HelloAnswer = z
  .object({
    protocol: z.number().int().positive(),
    node: NodeId,
    time: EpochMs,
    offsetMs: z.number().int().describe('how far the clock of the sender seems ahead, network delay included'),
    capabilities: z.array(z.string()),
    limits: z.object({ lines: z.number().int(), bytes: z.number().int(), lineBytes: z.number().int() }),
    snapshotEveryMs: z.number().int().positive().describe('how often the state of this moment is wanted; silence is noticed after several'),
    resume: LogPlace.nullable().describe('the last line that is applied of this incarnation; null: none'),
    previous: LogPlace.nullable().describe('where this incarnation is new: the last line of the one before'),
    downward: z.number().int().nonnegative().describe('number of the last item for the sender'),
    certificate: z.object({ serial: z.string(), notAfter: EpochMs }),
  })
  .meta({ id: 'HelloAnswer' });
export type HelloAnswer = z.infer<typeof HelloAnswer>;

/** `POST /log?incarnation=…` takes `application/x-ndjson`, one envelope a line; this is the answer. */
export const LogAnswer = z
  .object({
    acknowledged: LogPlace,
    waitMs: z.number().int().nonnegative().describe('back-pressure: how long to wait before the next batch'),
    digestsWanted: z.boolean().describe('histories may differ: compare by digests'),
  })
  .meta({ id: 'LogAnswer' });
export type LogAnswer = z.infer<typeof LogAnswer>;

/** `GET /marks?incarnation=…`: places of a log that the receiver remembers, newest first, by which a common one is found. */
export const Marks = z.object({ marks: z.array(LogPlace) }).meta({ id: 'Marks' });
export type Marks = z.infer<typeof Marks>;

/** Up to when all of a node has been judged: by ICMP, by agents as well, and composed. */
export const ObservedUntil = z.object({ pinged: EpochMs, all: EpochMs, composed: EpochMs });
export type ObservedUntil = z.infer<typeof ObservedUntil>;

/** `[object, state, since, reason]`. */
export const SnapshotState = z.tuple([GlobalId, z.enum(STATES), EpochMs, z.enum(REASONS)]);

/** `PUT /snapshot`: the states of this moment. The latest wins; one older than what is there is refused. */
export const Snapshot = z
  .object({
    incarnation: z.uuid(),
    version: Sequence.describe('one more with each snapshot of the incarnation'),
    base: Sequence.nullable().describe('the snapshot that this one tells the changes since; null: it tells all'),
    at: EpochMs.describe('the clock of the sender as it sends'),
    log: z.number().int().nonnegative().describe('every change up to what is observed is in the log up to this line'),
    observed: z
      .array(z.object({ node: NodeId, until: ObservedUntil }))
      .min(1)
      .max(1_000),
    states: z.array(SnapshotState).max(200_000),
  })
  .meta({ id: 'Snapshot' });
export type Snapshot = z.infer<typeof Snapshot>;

export const SnapshotAnswer = z
  .object({ version: Sequence, downward: z.number().int().nonnegative(), digestsWanted: z.boolean(), nextMs: z.number().int().positive() })
  .meta({ id: 'SnapshotAnswer' });
export type SnapshotAnswer = z.infer<typeof SnapshotAnswer>;

/** `POST /digests`: how the receiver's record of the sender's objects looks, day by day (UTC) and bucket by bucket (docs/federation/protocol.md says of which bytes). */
export const DIGEST_BUCKETS = 64;
export const DigestQuery = z.object({ from: z.iso.date(), to: z.iso.date() }).meta({ id: 'DigestQuery' });
export const DigestAnswer = z
  .object({
    applied: LogPlace.nullable().describe('the line up to which the record was digested'),
    digests: z.array(
      z.object({
        date: z.iso.date(),
        bucket: z
          .number()
          .int()
          .min(0)
          .max(DIGEST_BUCKETS - 1),
        digest: Sha256,
        transitions: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'DigestAnswer' });
export type DigestAnswer = z.infer<typeof DigestAnswer>;

/** An item for the node below; it ends with a receipt. Numbers rise, and are not without gaps. */
const item = <K extends string, P extends z.ZodType>(kind: K, payload: P) =>
  z.object({ number: Sequence, at: EpochMs, kind: z.literal(kind), payload });

export const HandOverItem = z.object({
  incident: z.unknown().describe('an IncidentPayload'),
  to: z.string().max(200).nullable().describe('whom the tier above means, if anybody'),
  note: z.string().max(2_000),
  by: z.string().max(200),
  answered: HandOverStanding.optional().describe('it was accepted before: the node asks again since it was restored'),
});
export const DownwardItem = z
  .discriminatedUnion('kind', [
    /** An incident that the node is to take; it answers accepted or declined when a person there has decided. */
    item('hand-over', HandOverItem),
    /** What became of an incident at the tier above: its view and its lines. */
    item(
      'incident',
      z.object({
        incident: z.unknown().describe('an IncidentPayload'),
        handOver: HandOverStanding.nullable()
          .optional()
          .describe(
            'how the hand-over to the node stands above; null: there is none, and one that waits or was accepted there holds no more',
          ),
      }),
    ),
    /** Entities that hold for the whole country; `body` null: it holds no more. */
    item('objective', z.object({ id: z.string().max(200), body: z.record(z.string(), z.unknown()).nullable() })),
    item('calendar', z.object({ id: z.string().max(200), body: z.record(z.string(), z.unknown()).nullable() })),
    /** The tier above asks for a comparison of these days. */
    item('digests', z.object({ from: z.iso.date(), to: z.iso.date() })),
  ])
  .meta({ id: 'DownwardItem' });
export type DownwardItem = z.infer<typeof DownwardItem>;

/** `GET /downward?after=N&waitMs=…`: waits until there is something, at most so long. */
export const DownwardAnswer = z.object({ items: z.array(DownwardItem) }).meta({ id: 'DownwardAnswer' });
export type DownwardAnswer = z.infer<typeof DownwardAnswer>;

export const RECEIPT_OUTCOMES = ['applied', 'accepted', 'declined', 'refused'] as const;
/** `POST /receipts`. `applied`, `accepted`, `declined` and `refused` are final. */
export const Receipt = z.object({
  number: Sequence,
  outcome: z.enum(RECEIPT_OUTCOMES),
  code: z.string().max(64).nullable(),
  detail: z.string().max(2_000).nullable(),
  by: z.string().max(200).nullable(),
  at: EpochMs,
});
export const Receipts = z.object({ receipts: z.array(Receipt).min(1).max(1_000) }).meta({ id: 'Receipts' });
export type Receipt = z.infer<typeof Receipt>;

/** PKCS #10, PEM. The key stays where it was made; EC P-256, or RSA of 2,048 bits and more. */
const CertificateRequest = z.string().max(8_192).startsWith('-----BEGIN CERTIFICATE REQUEST-----');

/** `POST /enrolments`, without a certificate: a node that has an invitation asks to be let in. */
export const EnrolmentRequest = z
  .object({
    token: z.string().min(20).max(512),
    node: NodeId,
    division: z.string().max(256),
    name: z.string().max(200),
    software: z.object({ name: z.string().max(100), version: z.string().max(100) }),
    request: CertificateRequest,
  })
  .meta({ id: 'EnrolmentRequest' });
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

export const ENROLMENT_STATES = ['waiting', 'approved', 'refused'] as const;
/** The answer, and that to `GET /enrolments/{id}` with the token as bearer. `code` is read out over the telephone: both sides must show the same. */
export const EnrolmentAnswer = z
  .object({
    id: z.uuid(),
    state: z.enum(ENROLMENT_STATES),
    code: z.string(),
    certificate: z.string().nullable().describe('PEM, once it is approved'),
    authority: z.string().nullable().describe('PEM of the authority that the certificates of both sides hang on'),
    reason: z.string().nullable(),
  })
  .meta({ id: 'EnrolmentAnswer' });
export type EnrolmentAnswer = z.infer<typeof EnrolmentAnswer>;

/** `POST /renewals`, with the certificate that is still good; both are, until the older one ends. */
export const RenewalRequest = z.object({ request: CertificateRequest }).meta({ id: 'RenewalRequest' });
export const RenewalAnswer = z.object({ certificate: z.string(), authority: z.string(), notAfter: EpochMs }).meta({ id: 'RenewalAnswer' });
export type RenewalAnswer = z.infer<typeof RenewalAnswer>;

/** `GET /about`, open to all: who answers here. */
export const About = z
  .object({
    node: NodeId,
    protocols: z.array(z.number().int()),
    capabilities: z.array(z.string()),
    software: z.object({ name: z.string(), version: z.string() }),
    authority: Sha256.describe('SHA-256 of the certificate (DER) of the authority'),
    time: EpochMs,
    codes: z.array(z.enum(FEDERATION_CODE_NAMES)),
  })
  .meta({ id: 'About' });
export type About = z.infer<typeof About>;
