/** Accounts of people, and what all of them must keep to. System administrators make accounts; security administrators give rights. */
import { z } from 'zod';
import { DivisionPath, Label, pageOf, paging, RoleName, Timestamp } from './common.ts';
import { PasswordRules } from './session.ts';

export const AccountName = z
  .string()
  .trim()
  .normalize('NFKC')
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,63}$/u, 'expected 2 to 64 letters, digits, ".", "_", "@", "-", the first a letter or a digit');

/** Names under which the system itself acts, in the audit: nobody's. */
export const RESERVED_NAMES: readonly string[] = [
  'anonymous',
  'beacontower',
  'bootstrap',
  'command line',
  'file',
  'identity provider',
  'node',
  'system',
];

const divisions = z.array(z.union([z.literal(''), DivisionPath])).max(100);

/** `POST /api/v1/accounts` (system administrator): it may do nothing until a security administrator gives it rights. */
export const NewAccount = z.strictObject({
  name: AccountName,
  displayName: Label,
  email: z.email().max(254).optional(),
});
export type NewAccount = z.infer<typeof NewAccount>;

/** `PUT /api/v1/accounts/{id}` (system administrator, with If-Match). */
export const AccountChange = z.strictObject({
  displayName: Label,
  email: z.email().max(254).nullable(),
  disabled: z.boolean(),
});
export type AccountChange = z.infer<typeof AccountChange>;

/** The three administrators whom no account unites (三权分立). */
export const EXCLUSIVE_ROLES = ['system-administrator', 'security-administrator', 'audit-administrator'] as const;

/** `PUT /api/v1/accounts/{id}/rights` (security administrator, with If-Match). Nobody changes their own. */
export const AccountRights = z
  .strictObject({ roles: z.array(RoleName).max(6), divisions })
  .refine(({ roles }) => roles.filter((role) => (EXCLUSIVE_ROLES as readonly string[]).includes(role)).length <= 1, {
    path: ['roles'],
    message: 'an account holds at most one of system, security and audit administrator',
  });
export type AccountRights = z.infer<typeof AccountRights>;

export const ACCOUNT_STATES = ['active', 'locked', 'disabled', 'must-change', 'no-rights'] as const;
export const AccountSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    displayName: z.string(),
    email: z.string().nullable(),
    roles: z.array(RoleName),
    divisions: z.array(z.string()),
    state: z.enum(ACCOUNT_STATES),
    lockedUntil: Timestamp.nullable(),
    secondFactor: z.boolean(),
    external: z.boolean().describe('signs in by the identity provider'),
    passwordSetAt: Timestamp.nullable(),
    createdAt: Timestamp,
    createdBy: z.string(),
    lastSignInAt: Timestamp.nullable(),
    sessions: z.number().int(),
    revision: z.number().int(),
  })
  .meta({ id: 'AccountSummary' });
export type AccountSummary = z.infer<typeof AccountSummary>;
export const AccountPage = pageOf(AccountSummary);
export const AccountQuery = z.strictObject({ q: z.string().min(1).max(100).optional(), ...paging });
export type AccountQuery = z.infer<typeof AccountQuery>;

/** A password set for somebody else: shown once, good for a while, changed at the first sign-in. */
export const OneTimePassword = z
  .object({ account: AccountSummary, password: z.string(), until: Timestamp })
  .meta({ id: 'OneTimePassword' });
export type OneTimePassword = z.infer<typeof OneTimePassword>;

/** What the security administrator decides for all (`GET|PUT /api/v1/access-policy`, PUT with If-Match). */
const policy = {
  ...PasswordRules.shape,
  minLength: z.number().int().min(8).max(128),
  minClasses: z.number().int().min(1).max(4),
  history: z.number().int().min(0).max(24),
  maxAgeDays: z.number().int().min(1).max(3660).nullable(),
  lockAfter: z.number().int().min(3).max(20).describe('failures in a row'),
  lockMinutes: z.number().int().min(1).max(1440),
  idleMinutes: z.number().int().min(1).max(1440),
  longestHours: z.number().int().min(1).max(168).describe('a session lasts no longer, used or not'),
  secondFactor: z.enum(['administrators', 'everyone', 'optional']).describe('who must have one'),
  oneTimeHours: z.number().int().min(1).max(720),
  administrationFrom: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .max(50)
    .describe('networks from which administrators may sign in; none: from anywhere'),
};
export const NewAccessPolicy = z.strictObject(policy);
export type NewAccessPolicy = z.infer<typeof NewAccessPolicy>;
export const AccessPolicy = z
  .object({ ...policy, revision: z.number().int(), changedAt: Timestamp.nullable(), changedBy: z.string().nullable() })
  .meta({ id: 'AccessPolicy' });
export type AccessPolicy = z.infer<typeof AccessPolicy>;

/** What holds until a security administrator says otherwise. */
export const DEFAULT_ACCESS_POLICY: NewAccessPolicy = {
  minLength: 12,
  minClasses: 3,
  history: 5,
  maxAgeDays: 90,
  lockAfter: 5,
  lockMinutes: 15,
  idleMinutes: 30,
  longestHours: 12,
  secondFactor: 'administrators',
  oneTimeHours: 72,
  administrationFrom: [],
};
