/**
 * Sealing of secrets at rest: AES-256-GCM under keys derived from the node's one key. The nonce is derived from what is sealed and
 * where, so that the same secret in the same place always seals to the same text (applying twice changes nothing) and no nonce is ever
 * used for two different texts. The context is bound to the seal: what was sealed for one credential does not open as another.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

/** Bytes of the node's key. */
export const SEALING_KEY_BYTES = 32;

/** What was to be opened was sealed with another key, for another place, or was changed. Names neither key nor content. */
export class SealError extends Error {
  override readonly name = 'SealError';

  constructor() {
    super('a sealed secret does not open: it was sealed with another key or changed since; apply the configuration again');
  }
}

/** Seals short texts and opens them again; `context` says what the text is for and must be the same both times. */
export interface Sealer {
  seal(plain: string, context: string): string;
  /** Throws a `SealError` when it does not open. */
  open(sealed: string, context: string): string;
}

/** Version of the form: this prefix, then nonce, tag and cipher text as base64url. */
const FORM = 'v1.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealer with the node's key (32 bytes); each purpose has a key of its own, derived from it. */
export function createSealer(key: Uint8Array): Sealer {
  if (key.byteLength !== SEALING_KEY_BYTES) throw new RangeError(`a sealing key has ${SEALING_KEY_BYTES} bytes, not ${key.byteLength}`);
  const cipherKey = derive(key, 'beacontower seal v1: cipher');
  const nonceKey = derive(key, 'beacontower seal v1: nonce');
  return {
    seal(plain, context) {
      const nonce = nonceOf(nonceKey, plain, context);
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context, 'utf8'));
      const content = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return FORM + Buffer.concat([nonce, cipher.getAuthTag(), content]).toString('base64url');
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed.slice(FORM.length), 'base64url');
      if (!sealed.startsWith(FORM) || bytes.byteLength < NONCE_BYTES + TAG_BYTES) throw new SealError();
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', cipherKey, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(context, 'utf8'))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch {
        throw new SealError();
      }
    },
  };
}

function derive(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, SEALING_KEY_BYTES));
}

/** The context's length stands before it: no two pairs of context and text read the same. */
function nonceOf(key: Buffer, plain: string, context: string): Buffer {
  const place = Buffer.from(context, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(place.byteLength);
  return createHmac('sha256', key).update(length).update(place).update(plain, 'utf8').digest().subarray(0, NONCE_BYTES);
}
