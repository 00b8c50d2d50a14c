/** Signing in by an identity provider: `/api/v1/session/oidc`. */
import { z } from 'zod';

/** An address within the console: a path of this server, never another host's. */
const Place = z
  .string()
  .max(1024)
  .regex(/^\/(?![/\\])[^\\\p{Cc}]*$/u, 'expected a path of this server such as /incidents');

/** `again`: the provider is to ask who it is, even of one whom it knows already. */
export const OidcStartQuery = z.strictObject({ to: Place.default('/'), again: z.literal('true').optional() });

/** What the provider sends a browser back with; more may come along, which is not ours to judge. */
export const OidcCallbackQuery = z.looseObject({
  code: z.string().max(4096).optional(),
  state: z.string().max(512).optional(),
  error: z.string().max(512).optional(),
});

/** Why somebody who came back is not signed in (`/sign-in?oidc=…`). */
export const OIDC_REFUSALS = [
  'provider-unreachable',
  'provider-refused',
  'answer-not-valid',
  'flow-over',
  'too-many',
  'no-rights',
  'disabled',
  'locked',
  'not-from-here',
] as const;
export type OidcRefusal = (typeof OIDC_REFUSALS)[number];
