/** The node's Ed25519 key (RFC 8032) that signs evidence, in its file: PKCS#8, PEM, as `openssl genpkey` writes it. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { type KeyKind, makeKeyFile, readKeyFile } from './key-file.ts';

/** What signatures are made with; the only algorithm there is. */
export const SIGNATURE_ALGORITHM = 'Ed25519';

/** Signs with the node's key. The key itself never leaves. */
export interface Signer {
  /** The public half: SubjectPublicKeyInfo (RFC 8410), DER, base64. */
  readonly publicKey: string;
  /** Base64 of the 64 bytes of an Ed25519 signature. */
  sign(message: Uint8Array): string;
}

const SIGNING_KEY: KeyKind<KeyObject> = {
  howToMake: 'make one with "openssl genpkey -algorithm ed25519", readable by the node\'s account alone (chmod 600)',
  what: 'Ed25519 private key in PEM',
  parse: parsePrivate,
  make: () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

function parsePrivate(text: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(text);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the key. Throws a `UserError` that says what to do; it never shows the content. */
export function readSigningKey(path: string): Signer {
  return signerOf(readKeyFile(path, SIGNING_KEY));
}

/** Reads the key, or makes one where there is none. Two that make one at the same time end with the same. */
export function makeSigningKey(path: string): Signer {
  return signerOf(makeKeyFile(path, SIGNING_KEY));
}

/** A signer that reads its key when first used (and makes it where there is none), so that only those who need one fail without. */
export function createFileSigner(path: string): Signer {
  let held: Signer | undefined;
  const signer = () => {
    held ??= makeSigningKey(path);
    return held;
  };
  return {
    get publicKey() {
      return signer().publicKey;
    },
    sign: (message) => signer().sign(message),
  };
}

function signerOf(key: KeyObject): Signer {
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
    sign: (message) => sign(null, message, key).toString('base64'),
  };
}

/** SPKI of an Ed25519 key is these bytes and then the 32 of the key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * A public key as somebody gives it: PEM, or base64 of the SPKI or of the 32 bare bytes. In the form in which bundles name it
 * (base64 of SPKI); undefined when it is none of Ed25519.
 */
export function parsePublicKey(text: string): string | undefined {
  const body = text.includes('-----BEGIN PUBLIC KEY-----') ? text.replace(/-----[A-Z ]+-----/g, '') : text;
  const compact = body.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  if (bytes.length === 32) return Buffer.concat([SPKI_PREFIX, bytes]).toString('base64');
  const isKey = bytes.length === SPKI_PREFIX.length + 32 && bytes.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX);
  return isKey ? bytes.toString('base64') : undefined;
}

/** Whether the signature (base64) of the message is one of the public key (base64 of SPKI). False for anything malformed. */
export function isSignedBy(publicKey: string, message: Uint8Array, signature: string): boolean {
  const key = parsePublicKey(publicKey);
  if (key === undefined) return false;
  try {
    const object = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return verify(null, message, object, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** A short name of a public key for people to compare: SHA-256 of the SPKI, the first 16 bytes as groups of hexadecimal digits. */
export function keyFingerprint(publicKey: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 32);
  return (digest.match(/.{4}/g) ?? []).join(':');
}
