/**
 * What every call of HTTP API v1 shares: times, periods, pages, problems, roles. The zod schemas here and beside it are at
 * once the check of requests, the check of answers, the TypeScript types and the OpenAPI document.
 */
import { STATES } from '@beacontower/domain';
import { z } from 'zod';

/** An answer's time: RFC 3339 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 }).describe('RFC 3339 in UTC, with milliseconds');

/** What the message about a request's time that is not one, or is missing, ends with. */
export const EXPECTED_TIME = 'a time of RFC 3339 in UTC, such as 2026-03-01T00:00:00.000Z';

/** A request's time, RFC 3339 in UTC (`Z`); parses to epoch ms. */
export const Instant = z.iso
  .datetime({ error: ({ input }) => `${input === undefined ? 'is missing; ' : ''}expected ${EXPECTED_TIME}` })
  .transform((text) => Date.parse(text));

/** Epoch ms as an answer's time. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
/** Epoch ms or null as an answer's time or null. */
export function timestampOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : timestamp(epochMs);
}

/** No answer covers more than this. */
export const LONGEST_PERIOD_MS = 3 * 366 * 86_400_000;
/** No silence, planned work or override lasts longer than this. */
export const LONGEST_PLAN_MS = 366 * 86_400_000;
/** Times of questions lie between these. */
export const EARLIEST_MS = Date.UTC(2000, 0, 1);
export const LATEST_MS = Date.UTC(2100, 0, 1);

/** The refinement of every query with `from` and `to`: half-open, `from` before `to`, no longer than three years. */
export function checkPeriod(period: { from?: number | undefined; to?: number | undefined }, context: z.RefinementCtx): void {
  const { from, to } = period;
  for (const [path, value] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (value !== undefined && (value < EARLIEST_MS || value > LATEST_MS)) {
      context.addIssue({ code: 'custom', path: [path], message: `${path} lies outside the years 2000 to 2100` });
    }
  }
  if (from === undefined || to === undefined) return;
  if (from >= to) context.addIssue({ code: 'custom', path: ['to'], message: 'to must be after from' });
  else if (to - from > LONGEST_PERIOD_MS)
    context.addIssue({ code: 'custom', path: ['to'], message: 'the period is longer than three years' });
}

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1000;
/** Paging parameters of every list. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().min(1).max(1024).optional().describe('nextCursor of the page before'),
};

/** The query of a list without filters. */
export const PageQuery = z.strictObject(paging);

/** A list: `nextCursor` is null on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** A global object id, `<node>:<local>`. */
export const ObjectId = z.string().min(1).max(256);
/** A dotted division path such as `cn.gd.guangzhou`. */
export const DivisionPath = z
  .string()
  .max(256)
  .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, 'expected a dotted path such as cn.gd.guangzhou');
export const StateName = z.enum(STATES);

/** What ends a line, commands a terminal, or turns the direction of what follows: a name that holds it reads as something else. */
export const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** A name for people, on one line, without anything that is not seen. */
export const Label = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => !UNSEEN.test(text), 'holds a character that cannot be seen, such as the end of a line');

export const Uuid = z.guid('expected an "id" as the lists give it; a "number" is not one');
export const UuidParams = z.strictObject({ id: Uuid });

/**
 * What somebody may. `viewer` reads; `operator` reads, works on incidents and plans; `duty-manager` may besides approve planned work,
 * close periods and decide on reclassifications; `system-administrator` reads, makes accounts and tokens, sees the configuration;
 * `security-administrator` gives rights, sets the policy of access, ends sessions; `audit-administrator` reads the audit. The last two
 * see nothing else, and nobody holds two of the last three (三权分立).
 */
export const ROLES = [
  'viewer',
  'operator',
  'duty-manager',
  'system-administrator',
  'security-administrator',
  'audit-administrator',
] as const;
export const RoleName = z.enum(ROLES);
export type RoleName = z.infer<typeof RoleName>;
/** Roles that a token may hold: never those of the security or audit administrator. */
export const TOKEN_ROLES = ['viewer', 'operator', 'duty-manager', 'system-administrator'] as const satisfies readonly RoleName[];

/** RFC 9457 problem details; `code` is stable, `errors` names each bad field. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          in: z.enum(['query', 'path', 'body', 'header']),
          path: z.string(),
          message: z.string(),
          expected: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
export type FieldError = NonNullable<Problem['errors']>[number];
