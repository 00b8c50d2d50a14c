/** The messages of the protocol by the names under which they are published. */
import {
  About,
  DigestAnswer,
  DigestQuery,
  DownwardAnswer,
  EnrolmentAnswer,
  EnrolmentRequest,
  Envelope,
  FederationProblem,
  Hello,
  HelloAnswer,
  LogAnswer,
  Marks,
  Receipts,
  RenewalAnswer,
  RenewalRequest,
  Snapshot,
  SnapshotAnswer,
} from '@beacontower/contracts';
import type { z } from 'zod';

export const MESSAGES = {
  About,
  EnrolmentRequest,
  EnrolmentAnswer,
  RenewalRequest,
  RenewalAnswer,
  Hello,
  HelloAnswer,
  Envelope,
  LogAnswer,
  Snapshot,
  SnapshotAnswer,
  Marks,
  DigestQuery,
  DigestAnswer,
  DownwardAnswer,
  Receipts,
  FederationProblem,
} as const satisfies Readonly<Record<string, z.ZodType>>;
export type MessageName = keyof typeof MESSAGES;
