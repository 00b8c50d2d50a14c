/** The node's key that seals secrets at rest, in its file. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { type KeyKind, makeKeyFile, readKeyFile } from './key-file.ts';
import { createSealer, SEALING_KEY_BYTES, SealError, type Sealer } from './sealing.ts';

const SEALING_KEY: KeyKind<Uint8Array> = {
  howToMake: 'make one with "openssl rand -base64 32", readable by the node\'s account alone (chmod 600)',
  what: `key of ${SEALING_KEY_BYTES} bytes in base64 or hexadecimal digits`,
  parse: parseKey,
  make: () => `${randomBytes(SEALING_KEY_BYTES).toString('base64')}\n`,
};

/** Reads the key: 32 bytes as base64 or hexadecimal digits. Throws a `UserError` that says what to do; it never shows the content. */
export function readSealingKey(path: string): Uint8Array {
  return readKeyFile(path, SEALING_KEY);
}

/** Reads the key, or makes one where there is none. Two that make one at the same time end with the same. */
export function makeSealingKey(path: string): Uint8Array {
  return makeKeyFile(path, SEALING_KEY);
}

/**
 * A sealer that reads its key when first used, so that only those who need one fail without. A key that was replaced since is read
 * again when something does not open.
 */
export function createFileSealer(path: string): Sealer {
  let held: { readonly sealer: Sealer; readonly from: string } | undefined;
  const take = () => {
    const from = stamp(path);
    held = { sealer: createSealer(readSealingKey(path)), from };
    return held.sealer;
  };
  return {
    seal: (plain, context) => (held?.sealer ?? take()).seal(plain, context),
    open(sealed, context) {
      const before = held;
      try {
        return (before?.sealer ?? take()).open(sealed, context);
      } catch (error) {
        if (!(error instanceof SealError) || before === undefined || before.from === stamp(path)) throw error;
        return take().open(sealed, context);
      }
    },
  };
}

function stamp(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

function parseKey(text: string): Uint8Array | undefined {
  const key = /^[0-9a-fA-F]{64}$/.test(text)
    ? Buffer.from(text, 'hex')
    : /^[A-Za-z0-9+/]{43}=?$/.test(text)
      ? Buffer.from(text, 'base64')
      : undefined;
  return key?.byteLength === SEALING_KEY_BYTES ? key : undefined;
}
