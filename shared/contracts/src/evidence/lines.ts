/**
 * The evidence bundle, format 1 (decision 0014): JSON lines, UTF-8, each ended by one line feed. In this order: one header, one
 * objective, one calendar; the planned work and the reclassifications, each by id; then, member by member (by id), its `member`
 * line, its transitions (by time), its charges, and its two accounts; then the figures (whole, divisions, parties, each by key); and
 * one signature. Times are epoch ms. Nothing is in it that the accounts and figures do not follow from.
 */
import { REASONS, STATES } from '@beacontower/domain';
import { z } from 'zod';
import { CalendarBody, ObjectiveBody } from '../entities.ts';
import { AccountNumbers, BasisName, FigureNumbers } from './numbers.ts';

export const EVIDENCE_FORMAT = 'beacontower-evidence';
export const EVIDENCE_VERSION = 1;
export const EVIDENCE_MEDIA_TYPE = 'application/jsonl';

const at = z.number().int().min(-8_640_000_000_000_000).max(8_640_000_000_000_000);
const span = z.tuple([at, at]).refine(([from, to]) => from < to, 'expected a span that begins before it ends');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

export const HeaderLine = z.strictObject({
  line: z.literal('header'),
  format: z.literal(EVIDENCE_FORMAT),
  version: z.literal(EVIDENCE_VERSION),
  node: z.string(),
  figure: z.guid(),
  objective: z.string(),
  from: at,
  to: at,
  figureVersion: z.number().int().positive(),
  /** What was recorded up to this moment is in it. */
  knownUntil: at,
  closedAt: at,
  closedBy: z.string(),
  reason: z.string(),
  inventoryVersion: z.number().int().nonnegative(),
  /** The version before, by the digest that it was signed with. */
  previous: z.strictObject({ figure: z.guid(), figureVersion: z.number().int().positive(), sha256 }).nullable(),
});
export type HeaderLine = z.infer<typeof HeaderLine>;

export const ObjectiveLine = z.strictObject({ line: z.literal('objective'), body: ObjectiveBody });

/** A calendar as it was in `[from, to)`; null counts all time. */
export const CalendarVersionBody = z.strictObject({ from: at, to: at, body: CalendarBody.nullable() });
export type CalendarVersionBody = z.infer<typeof CalendarVersionBody>;

export const CalendarLine = z.strictObject({
  line: z.literal('calendar'),
  /** As it was in each part of the period; null counts always. */
  versions: z.array(CalendarVersionBody),
  /** The spans of the period that count: what the calendar comes to in the time zone of the objective. */
  counted: z.array(span),
});
export type CalendarLine = z.infer<typeof CalendarLine>;

const cover = {
  objects: z.array(z.string()),
  divisions: z.array(z.string()),
  /** Said by a node below, of the objects of these nodes alone. */
  nodes: z.array(z.string()).exactOptional(),
  from: at,
  to: at,
};

export const PlannedWorkLine = z.strictObject({
  line: z.literal('planned-work'),
  id: z.guid(),
  title: z.string(),
  ...cover,
  createdAt: at,
  createdBy: z.string(),
  approvedAt: at.nullable(),
  approvedBy: z.string().nullable(),
  cancelledAt: at.nullable(),
  cancelledBy: z.string().nullable(),
});
export type PlannedWorkLine = z.infer<typeof PlannedWorkLine>;

export const ReclassificationLine = z.strictObject({
  line: z.literal('reclassification'),
  id: z.guid(),
  effect: z.enum(['exclude', 'count', 'charge']),
  ...cover,
  party: z.string().nullable(),
  reason: z.string(),
  recordedAt: at,
  recordedBy: z.string(),
});
export type ReclassificationLine = z.infer<typeof ReclassificationLine>;

export const MemberLine = z.strictObject({
  line: z.literal('member'),
  object: z.string(),
  name: z.string(),
  division: z.string(),
  party: z.string().nullable(),
  weight: z.number().nonnegative(),
  resolutionMs: z.number().int().nonnegative(),
  /** Nothing has been judged of it from here on. */
  judgedUntil: at,
  /** All its time in commission, in order, with where it lay and whose it was then; `to` null: still is. */
  commission: z.array(z.strictObject({ from: at, to: at.nullable(), division: z.string(), party: z.string().nullable() })).min(1),
});
export type MemberLine = z.infer<typeof MemberLine>;

export const TransitionLine = z.strictObject({
  line: z.literal('transition'),
  id: z.number().int(),
  object: z.string(),
  from: z.enum(STATES),
  to: z.enum(STATES),
  at,
  earliest: at,
  latest: at,
  reason: z.enum(REASONS),
  decidedAt: at,
  recordedAt: at,
});
export type TransitionLine = z.infer<typeof TransitionLine>;

/** An incident that the member was part of in an outage of its, and the party it is charged to. `to` null: it still is. */
export const ChargeLine = z.strictObject({
  line: z.literal('charge'),
  object: z.string(),
  incident: z.guid(),
  number: z.number().int(),
  from: at,
  to: at.nullable(),
  cause: z.string().nullable(),
  party: z.string().nullable(),
});
export type ChargeLine = z.infer<typeof ChargeLine>;

export const AccountLine = z.strictObject({
  line: z.literal('account'),
  object: z.string(),
  basis: BasisName,
  ...AccountNumbers.shape,
});
export type AccountLine = z.infer<typeof AccountLine>;

export const FigureLine = z.strictObject({ line: z.literal('figure'), ...FigureNumbers.shape });
export type FigureLine = z.infer<typeof FigureLine>;

export const SignatureLine = z.strictObject({
  line: z.literal('signature'),
  algorithm: z.literal('Ed25519'),
  /** Of every byte before this line. */
  sha256,
  /** SubjectPublicKeyInfo, DER, base64. */
  publicKey: z.string(),
  /** Of `signedMessage(sha256)`, base64. */
  signature: z.string(),
});
export type SignatureLine = z.infer<typeof SignatureLine>;

/** Any line of a bundle. */
export const EvidenceLine = z.discriminatedUnion('line', [
  HeaderLine,
  ObjectiveLine,
  CalendarLine,
  PlannedWorkLine,
  ReclassificationLine,
  MemberLine,
  TransitionLine,
  ChargeLine,
  AccountLine,
  FigureLine,
  SignatureLine,
]);
export type EvidenceLine = z.infer<typeof EvidenceLine>;

/** What is signed: the digest with the name of the format, so that it can be taken for a signature of nothing else. */
export function signedMessage(sha256OfLines: string): Uint8Array {
  return new TextEncoder().encode(`${EVIDENCE_FORMAT} ${EVIDENCE_VERSION}\n${sha256OfLines}\n`);
}
