import { randomBytes } from 'node:crypto';
import { hashToken } from '@beacontower/database';
import type { Sealer } from '@beacontower/runtime';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';

/** Secrets of an account: the one that counts, and the one that was shown and waits for its first code. Base32. */
const Secrets = z.object({ active: z.string().nullable(), pending: z.string().nullable() });
type Secrets = z.infer<typeof Secrets>;

const NONE: Secrets = { active: null, pending: null };
const STEP_MS = 30_000;
/** Clocks of telephones are some seconds off: one step before and one after are taken. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const ISSUER = '烽台 Beacontower';

// Bound to the account: a sealed secret put into another's row does not open.
const contextOf = (account: string) => `second factor of ${account}`;

/** What is kept of an account's second factor, opened. */
export function openSecrets(sealer: Sealer, { id, secondFactor }: { readonly id: string; readonly secondFactor: Buffer | null }): Secrets {
  return secondFactor === null ? NONE : Secrets.parse(JSON.parse(sealer.open(secondFactor.toString('utf8'), contextOf(id))));
}

/** The same, to be kept. */
export function sealSecrets(sealer: Sealer, id: string, secrets: Secrets): Buffer {
  return Buffer.from(sealer.seal(JSON.stringify(secrets), contextOf(id)), 'utf8');
}

/** A new secret, and the address that an authenticator application reads from a QR code (RFC 6238: SHA-1, six digits, 30 s). */
export function newSecret(name: string): { readonly secret: string; readonly uri: string } {
  const totp = totpOf(new Secret({ buffer: new Uint8Array(randomBytes(SECRET_BYTES)).buffer }), name);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The step of a code; null when it is none of this moment, or not after the last one that was taken: a code is good once. */
export function stepOf(secret: string, code: string, lastStep: number | null, now: number): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const delta = totpOf(Secret.fromBase32(secret), '').validate({ token: code, timestamp: now, window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(now / STEP_MS) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

function totpOf(secret: Secret, label: string): TOTP {
  return new TOTP({ issuer: ISSUER, label, secret, algorithm: 'SHA1', digits: 6, period: STEP_MS / 1_000 });
}

const CODES = 10;
const CODE_BYTES = 10;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** Codes for the day the telephone is lost, `xxxx-xxxx-xxxx-xxxx`: 80 random bits each, so that a fast hash is enough. */
export function newRecoveryCodes(): { readonly codes: string[]; readonly hashes: Buffer[] } {
  const codes = Array.from({ length: CODES }, () => base32(randomBytes(CODE_BYTES)).replaceAll(/(.{4})(?=.)/g, '$1-'));
  return { codes, hashes: codes.map((code) => hashToken(plainCode(code))) };
}

/** The hashes that are left when one was used; null when the code is none of them. */
export function useRecoveryCode(hashes: readonly Buffer[], code: string): Buffer[] | null {
  const given = hashToken(plainCode(code));
  const left = hashes.filter((hash) => !hash.equals(given));
  return left.length === hashes.length ? null : left;
}

function plainCode(code: string): string {
  return code.toLowerCase().replaceAll(/[^a-z2-7]/g, '');
}

function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return bits.replaceAll(/.{5}/g, (five) => LETTERS[Number.parseInt(five, 2)] ?? '');
}
