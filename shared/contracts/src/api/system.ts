import { z } from 'zod';
import { DivisionPath, Instant, Label, pageOf, RoleName, Timestamp, TOKEN_ROLES } from './common.ts';

/** `GET /api/v1`: where to go from the address that is told; addresses on this server. */
export const ApiIndex = z
  .object({ product: z.string(), version: z.string(), links: z.record(z.string(), z.string()) })
  .meta({ id: 'ApiIndex' });
export type ApiIndex = z.infer<typeof ApiIndex>;

const status = z.enum(['ok', 'starting', 'degraded', 'failed']);
export const Liveness = z.object({ status: z.literal('ok') });

/** `GET /readyz`: 200 when everything is `ok` or `degraded`, 503 otherwise. */
export const Readiness = z
  .object({
    status,
    dependencies: z.record(z.string(), z.object({ status, detail: z.string().nullable() })),
    roles: z.record(z.string(), z.object({ status, detail: z.string().nullable() })),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof Readiness>;

/** `POST /api/v1/tokens`. `divisions` are dotted paths; the empty string covers all. */
export const NewToken = z.strictObject({
  name: Label,
  roles: z.array(z.enum(TOKEN_ROLES)).min(1).max(TOKEN_ROLES.length),
  divisions: z
    .array(z.union([z.literal(''), DivisionPath]))
    .min(1)
    .max(100),
  expiresAt: Instant.optional(),
});
export type NewToken = z.infer<typeof NewToken>;

const tokenFields = {
  id: z.string(),
  name: z.string(),
  roles: z.array(RoleName),
  divisions: z.array(z.string()),
  createdAt: Timestamp,
  createdBy: z.string(),
  expiresAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
};
export const TokenSummary = z.object(tokenFields).meta({ id: 'TokenSummary' });
export type TokenSummary = z.infer<typeof TokenSummary>;
export const TokenPage = pageOf(TokenSummary);
/** The answer to a creation: the only time the token itself is shown. */
export const CreatedToken = z.object({ ...tokenFields, token: z.string() }).meta({ id: 'CreatedToken' });
export type CreatedToken = z.infer<typeof CreatedToken>;

/** This node, of whom a session says where it is. */
export const NodeSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    division: z.string(),
    timeZone: z.string(),
    language: z.enum(['zh', 'en']),
    incarnation: z.string(),
    partitions: z.number().int(),
    inventoryVersion: z.number().int(),
    self: z.boolean(),
    lagMs: z.number().int(),
    watermark: Timestamp.describe('everything recorded up to here is visible'),
  })
  .meta({ id: 'NodeSummary' });
export type NodeSummary = z.infer<typeof NodeSummary>;
