/** The audit: `GET /api/v1/audit`, `/audit/export`, `/audit/verification` (audit administrator). */
import { z } from 'zod';
import { checkPeriod, Instant, pageOf, paging, Timestamp } from './common.ts';

export const AUDIT_RESULTS = ['done', 'denied', 'refused', 'failed'] as const;

const filters = {
  actor: z.string().min(1).max(200).optional(),
  action: z.string().min(1).max(200).optional().describe('part of it'),
  object: z.string().min(1).max(256).optional(),
  result: z.enum(AUDIT_RESULTS).optional(),
  from: Instant.optional(),
  to: Instant.optional(),
};
/** Newest first. */
export const AuditQuery = z.strictObject({ ...filters, ...paging }).superRefine(checkPeriod);
export type AuditQuery = z.infer<typeof AuditQuery>;
/** `GET /api/v1/audit/export`: one JSON object a line, oldest first, whole. */
export const AuditExportQuery = z.strictObject(filters).superRefine(checkPeriod);

export const AuditRow = z
  .object({
    sequence: z.number().int().nullable().describe('place in the chain; null for the moment before it has one'),
    at: Timestamp,
    actor: z.string(),
    source: z.string().nullable(),
    action: z.string(),
    object: z.string(),
    result: z.string(),
    detail: z.record(z.string(), z.unknown()),
    hash: z.string().nullable().describe('SHA-256 of the chain up to here, hexadecimal'),
  })
  .meta({ id: 'AuditRow' });
export type AuditRow = z.infer<typeof AuditRow>;
export const AuditPage = pageOf(AuditRow);

/** What is wrong with the chain, where. */
export const AUDIT_FAULTS = [
  'missing-link',
  'row-changed',
  'row-missing',
  'link-broken',
  'unlinked',
  'checkpoint-differs',
  'checkpoint-unsigned',
] as const;
export const AuditVerification = z
  .object({
    rows: z.number().int(),
    head: z.object({ sequence: z.number().int(), hash: z.string() }).nullable(),
    waiting: z.number().int().describe('rows of the last moments that have no place yet'),
    checkpoints: z.number().int(),
    signedUpTo: z.number().int().describe('place of the newest checkpoint whose signature holds'),
    faultCount: z.number().int(),
    faults: z
      .array(z.object({ code: z.enum(AUDIT_FAULTS), sequence: z.number().int().nullable(), detail: z.string() }))
      .describe('the first 100'),
    tookMs: z.number().int(),
  })
  .meta({ id: 'AuditVerification' });
export type AuditVerification = z.infer<typeof AuditVerification>;
