import { randomBytes } from 'node:crypto';
import { Sha256 } from '@beacontower/contracts';
import { z } from 'zod';

/**
 * What a one-time token of an invitation says: where to ask, the SHA-256 of the authority's certificate (DER), by which the first connection
 * is already sure of whom it speaks to, and a secret of 256 random bits.
 */
export const InvitationToken = z.object({
  url: z.url({ protocol: /^https$/ }).max(200),
  authority: Sha256,
  secret: z.string().regex(/^[\w-]{43}$/),
});
export type InvitationToken = z.infer<typeof InvitationToken>;

const FORM = 'bt1.';

/** A new secret. Only its SHA-256 is kept (`hashToken`). */
export function newInvitationSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** The token as people hand it over: one word. */
export function encodeInvitation({ url, authority, secret }: InvitationToken): string {
  return FORM + Buffer.from(JSON.stringify({ url, authority, secret })).toString('base64url');
}

/** What a token says; null when it is none. */
export function decodeInvitation(token: string): InvitationToken | null {
  if (!token.startsWith(FORM) || token.length > 512) return null;
  try {
    const parsed = InvitationToken.safeParse(JSON.parse(Buffer.from(token.slice(FORM.length), 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
