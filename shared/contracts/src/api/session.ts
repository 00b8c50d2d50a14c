/** Signing in: `/api/v1/session`. A browser holds a cookie; every change it asks for carries the session's `csrf` in a header. */
import { z } from 'zod';
import { pageOf, RoleName, Timestamp, Uuid } from './common.ts';

/** Header in which a browser sends the `csrf` of its session with every request that changes something. */
export const CSRF_HEADER = 'x-beacontower-csrf';
/** Header a page sends while a person uses it: only then does a session's idle time begin anew. */
export const ACTIVE_HEADER = 'x-beacontower-active';

/**
 * What a session still needs before it opens anything but itself: a code of the second factor, a new password, a second factor set
 * up; `full`: nothing.
 */
export const SESSION_STAGES = ['second-factor', 'change-password', 'enrol', 'full'] as const;
export type SessionStage = (typeof SESSION_STAGES)[number];
export const SESSION_METHODS = ['password', 'oidc', 'token'] as const;

/** `POST /api/v1/session`: sign in by name and password, or (a wall) by a token that may only read. */
export const SignIn = z.union([
  z.strictObject({ name: z.string().trim().normalize('NFKC').min(1).max(100), password: z.string().min(1).max(1024) }),
  z.strictObject({ token: z.string().min(1).max(512) }),
]);
export type SignIn = z.infer<typeof SignIn>;

/** `POST /api/v1/session/second-factor`: six digits, or one of the recovery codes. */
export const SecondFactorCode = z.strictObject({ code: z.string().trim().min(6).max(64) });
/** `POST /api/v1/session/password`. */
export const PasswordChange = z.strictObject({ current: z.string().min(1).max(1024), next: z.string().min(1).max(1024) });

/**
 * `POST /api/v1/session/second-factor/setup`, `…/remove`: where the session is open already, the password again; of who signed in by the
 * identity provider a code of the present second factor (or a recovery code), unless they came from there within five minutes.
 */
export const SecondFactorProof = z.strictObject({
  password: z.string().min(1).max(1024).optional(),
  code: SecondFactorCode.shape.code.optional(),
});
/** The answer: shown once; it counts from the first code on (`POST /api/v1/session/second-factor/confirm`, a `SecondFactorCode`). */
export const SecondFactorSetup = z
  .object({ secret: z.string().describe('base32'), uri: z.string().describe('otpauth://totp/…') })
  .meta({ id: 'SecondFactorSetup' });
/** The answer to the first code: each is good once, in place of a code. */
export const RecoveryCodes = z.object({ codes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' });

/**
 * A new password that is not taken is answered 400 `password-refused`; in `errors`, for each thing wrong with it, `expected` is one of
 * `too-short`, `too-few-classes`, `holds-name`, `too-common`, `used-before` (`PASSWORD_FAULTS` of the domain).
 * What a password must be is said before one is chosen.
 */
export const PasswordRules = z.object({
  minLength: z.number().int(),
  minClasses: z.number().int().describe('of lower case, upper case, digits and others'),
  history: z.number().int().describe('so many earlier ones are refused'),
  maxAgeDays: z.number().int().nullable(),
});
export type PasswordRules = z.infer<typeof PasswordRules>;

/** `GET /api/v1/session`: who asks, by cookie or by token, and what they may. */
export const SessionView = z
  .object({
    id: z.string().nullable().describe('null: a token'),
    name: z.string(),
    displayName: z.string(),
    roles: z.array(RoleName),
    divisions: z.array(z.string()),
    stage: z.enum(SESSION_STAGES),
    method: z.enum(SESSION_METHODS),
    csrf: z.string().nullable(),
    secondFactor: z.boolean().describe('one is set up'),
    passwordExpiresAt: Timestamp.nullable(),
    idleMs: z.number().int().nullable().describe('the session ends after so long without a person; null: never'),
    expiresAt: Timestamp.nullable(),
    passwordRules: PasswordRules,
    node: z.object({ id: z.string(), name: z.string(), division: z.string(), timeZone: z.string(), language: z.enum(['zh', 'en']) }),
    version: z.string(),
  })
  .meta({ id: 'SessionView' });
export type SessionView = z.infer<typeof SessionView>;

/** `GET /api/v1/session/ways`, for everybody: how one may sign in here. */
export const SignInWays = z
  .object({
    password: z.boolean().describe('false: not over this connection, see `reason`'),
    reason: z.string().nullable(),
    oidc: z
      .object({ name: z.string(), start: z.string(), end: z.string().describe('where a browser that signed out here signs out there too') })
      .nullable(),
    version: z.string(),
  })
  .meta({ id: 'SignInWays' });
export type SignInWays = z.infer<typeof SignInWays>;

/** One signed-in browser: `GET /api/v1/session/list` (one's own), `GET /api/v1/sessions` (the security administrator's). */
export const SessionSummary = z
  .object({
    id: z.string(),
    account: z.string().nullable().describe('id; null: of a token'),
    name: z.string(),
    method: z.enum(SESSION_METHODS),
    stage: z.enum(SESSION_STAGES),
    source: z.string().nullable(),
    agent: z.string(),
    createdAt: Timestamp,
    seenAt: Timestamp,
    expiresAt: Timestamp,
    current: z.boolean(),
  })
  .meta({ id: 'SessionSummary' });
export type SessionSummary = z.infer<typeof SessionSummary>;
export const SessionPage = pageOf(SessionSummary);
export const SessionQuery = z.strictObject({ account: Uuid.optional() });
