/** Why a node of the federation refuses what it was sent: stable words of protocol v1 (docs/federation/protocol.md), each with its HTTP status. */
import { z } from 'zod';

/**
 * A code never changes its meaning. What is refused is not applied in part. `retry`: the same request may be accepted later, after
 * `Retry-After`; of all others somebody has to change something first.
 */
export const FEDERATION_CODES = {
  // Who speaks.
  'certificate-missing': { status: 401, retry: false },
  'certificate-untrusted': { status: 403, retry: false },
  'certificate-expired': { status: 403, retry: false },
  'certificate-revoked': { status: 403, retry: false },
  /** Good, but not for this: of a node that is not enrolled here, or not the one that the message names. */
  'certificate-foreign': { status: 403, retry: false },
  // What is agreed.
  'hello-needed': { status: 409, retry: false },
  'version-unsupported': { status: 409, retry: false },
  'clock-off': { status: 409, retry: false },
  'incarnation-superseded': { status: 409, retry: false },
  // The log. The answer says from where to go on (`resume`).
  'sequence-gap': { status: 409, retry: false },
  'sequence-known': { status: 409, retry: false },
  'history-differs': { status: 409, retry: false },
  'chain-broken': { status: 422, retry: false },
  'envelope-invalid': { status: 422, retry: false },
  'event-in-future': { status: 422, retry: false },
  'out-of-scope': { status: 403, retry: false },
  'object-unknown': { status: 422, retry: false },
  // The snapshot.
  'snapshot-stale': { status: 409, retry: false },
  'snapshot-base-unknown': { status: 409, retry: false },
  // Of any message.
  'message-invalid': { status: 400, retry: false },
  'message-too-large': { status: 413, retry: false },
  'encoding-unsupported': { status: 415, retry: false },
  'not-found': { status: 404, retry: false },
  busy: { status: 503, retry: true },
  unavailable: { status: 503, retry: true },
  // Enrolment.
  'token-invalid': { status: 403, retry: false },
  'token-expired': { status: 403, retry: false },
  'token-used': { status: 409, retry: false },
  'request-invalid': { status: 422, retry: false },
  'too-many-attempts': { status: 429, retry: true },
  'enrolment-refused': { status: 403, retry: false },
  'renewal-too-early': { status: 409, retry: true },
  // Downwards.
  'receipt-unknown': { status: 404, retry: false },
  'receipt-differs': { status: 409, retry: false },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly retry: boolean }>>;

export type FederationCode = keyof typeof FEDERATION_CODES;
export const FEDERATION_CODE_NAMES = Object.keys(FEDERATION_CODES) as [FederationCode, ...FederationCode[]];

/** SHA-256, lower-case hexadecimal. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected SHA-256 as 64 lower-case hexadecimal digits');
/** Epoch ms, UTC: the times of the protocol are whole numbers, exact on both sides. */
export const EpochMs = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
export const Sequence = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** A place in a node's log: the last line that is there, and the hash of its bytes. Sequence 0, and 64 zeros, before the first. */
export const LogPlace = z
  .strictObject({ incarnation: z.uuid(), sequence: z.number().int().nonnegative(), hash: Sha256 })
  .meta({ id: 'LogPlace', description: 'a place in a log: the last line there, and SHA-256 of its bytes' });
export type LogPlace = z.infer<typeof LogPlace>;

/** Hash that stands before the first line of a log. */
export const NO_HASH = '0'.repeat(64);

/** The body of every refusal, RFC 9457, `application/problem+json`. */
export const FederationProblem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(FEDERATION_CODE_NAMES),
    detail: z.string().describe('what is wrong, and what to do, for people'),
    resume: LogPlace.optional().describe('from where the log is to go on'),
    sequence: Sequence.optional().describe('the line that is refused'),
    supported: z.array(z.number().int()).optional().describe('with version-unsupported: the versions spoken here'),
    offsetMs: z.number().int().optional().describe('with clock-off: how far the clock of the sender is ahead of the one here'),
  })
  .meta({ id: 'FederationProblem' });
export type FederationProblem = z.infer<typeof FederationProblem>;
