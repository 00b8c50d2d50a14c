import { z } from 'zod';
import { CalendarBody, ObjectiveBody } from '../entities.ts';
import { FIGURE_GROUPS, FigureChanges, FigureNumbers } from '../evidence/index.ts';
import { AccountNumbers } from '../evidence/numbers.ts';
import { checkPeriod, Instant, pageOf, paging, Timestamp } from './common.ts';

/** `GET /api/v1/periods`: every version of closed periods, the latest period first; `from` and `to` keep those that touch. */
export const ClosedPeriodQuery = z
  .strictObject({ objective: z.string().min(1).max(256).optional(), from: Instant.optional(), to: Instant.optional(), ...paging })
  .superRefine(checkPeriod);
export type ClosedPeriodQuery = z.infer<typeof ClosedPeriodQuery>;

/** `POST /api/v1/periods`: closes a period by hand, by its label in the objective's time zone or by its ends. */
export const NewClosing = z
  .strictObject({
    objective: z.string().min(1).max(256),
    period: z.string().max(16).optional().describe('2018-07-01, 2018-W27, 2018-07, 2018-Q3, 2018-H1 or 2018'),
    from: Instant.optional(),
    to: Instant.optional(),
    reason: z.string().trim().min(1).max(1000),
  })
  .superRefine((body, context) => {
    const byEnds = body.from !== undefined || body.to !== undefined;
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (body.period !== undefined && byEnds) issue('period', 'expected either period, or from and to');
    if (body.period === undefined && (body.from === undefined || body.to === undefined))
      issue('period', 'is missing; expected a label such as 2018-H1, or from and to');
    checkPeriod(body, context);
  });
export type NewClosing = z.infer<typeof NewClosing>;

const head = {
  id: z.string(),
  objective: z.string(),
  division: z.string(),
  from: Timestamp,
  to: Timestamp,
  version: z.number().int(),
  knownUntil: Timestamp.describe('what was recorded up to this moment is in it'),
  closedAt: Timestamp,
  closedBy: z.string(),
  reason: z.string(),
};
export const ClosedPeriodSummary = z
  .object({
    ...head,
    membersChanged: z.number().int().describe('accounts (by member and basis) that differ from the version before'),
    whole: FigureNumbers.nullable().describe('null for who does not cover the whole objective: GET /api/v1/availability gives his part'),
  })
  .meta({ id: 'ClosedPeriodSummary' });
export type ClosedPeriodSummary = z.infer<typeof ClosedPeriodSummary>;
export const ClosedPeriodPage = pageOf(ClosedPeriodSummary);

/** `GET /api/v1/periods/{id}`; the groups are by the members' own divisions and by party. */
export const ClosedPeriod = z
  .object({
    ...head,
    unjudged: z.number().int().describe('members that had not been judged to the end of the period when it was closed'),
    definition: ObjectiveBody,
    calendar: z.array(z.object({ from: Timestamp, to: Timestamp, calendar: CalendarBody.nullable().describe('null: always') })),
    figures: z
      .array(FigureNumbers)
      .describe(`by ${FIGURE_GROUPS.join(', ')}; of a caller who does not cover the whole objective: of his part`),
    changes: FigureChanges.nullable().describe('since the version before; null of the first, and for who does not cover the whole'),
    evidence: z.object({ sha256: z.string(), publicKey: z.string(), bytes: z.number().int(), lines: z.number().int() }),
  })
  .meta({ id: 'ClosedPeriod' });
export type ClosedPeriod = z.infer<typeof ClosedPeriod>;

/** `GET /api/v1/periods/{id}/members` */
export const ClosedMemberView = z
  .object({
    object: z.string(),
    name: z.string(),
    division: z.string(),
    party: z.string().nullable(),
    weight: z.number(),
    resolutionMs: z.number().int(),
    experienced: AccountNumbers,
    responsible: AccountNumbers,
  })
  .meta({ id: 'ClosedMember' });
export const ClosedMemberPage = pageOf(ClosedMemberView);

/** `GET /api/v1/signing-keys`: the key that signs now, and those that evidence was signed with. */
export const SigningKeys = z.object({
  items: z.array(
    z
      .object({
        publicKey: z.string().describe('SubjectPublicKeyInfo, DER, base64'),
        algorithm: z.literal('Ed25519'),
        fingerprint: z.string().describe('first half of the SHA-256 of it, to be compared by people'),
        current: z.boolean(),
        firstUsedAt: Timestamp.nullable(),
        lastUsedAt: Timestamp.nullable(),
      })
      .meta({ id: 'SigningKey' }),
  ),
});
export type SigningKeys = z.infer<typeof SigningKeys>;
