/** The node's key in its file: read with care, made once, never overwritten. */
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, fstatSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from './environment.ts';
import { createSealer, SEALING_KEY_BYTES, SealError, type Sealer } from './sealing.ts';

/** Its group may write, or anybody may do anything. A group may read: that is how containers are handed secrets. */
const TOO_OPEN = 0o027;
/** No honest key file is longer. */
const MOST_BYTES = 1024;
const HOW_TO_MAKE = 'make one with "openssl rand -base64 32", readable by the node\'s account alone (chmod 600)';

/** Reads the key: 32 bytes as base64 or hexadecimal digits. Throws a `UserError` that says what to do; it never shows the content. */
export function readSealingKey(path: string): Uint8Array {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError(`there is no key at ${path}: ${HOW_TO_MAKE}`);
    throw new UserError(`the key ${path} cannot be read (${code}): it must be readable by the account of the node`);
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.size > MOST_BYTES) throw notAKey(path);
    checkHands(path, found);
    return parseKey(readFileSync(file, 'utf8').trim(), path);
  } finally {
    closeSync(file);
  }
}

/** Reads the key, or makes one where there is none. Two that make one at the same time end with the same. */
export function makeSealingKey(path: string): Uint8Array {
  const own = `${path}.${process.pid}.new`;
  try {
    statSync(path);
    return readSealingKey(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    writeWhole(own, `${randomBytes(SEALING_KEY_BYTES).toString('base64')}\n`);
    // A link is made whole or not at all, and never in place of another.
    linkSync(own, path);
    syncDirectory(dirname(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new UserError(`the key ${path} cannot be made (${code}): make its directory writable for this user`);
  } finally {
    rmSync(own, { force: true });
  }
  return readSealingKey(path);
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

function checkHands(path: string, found: { readonly mode: number; readonly uid: number }): void {
  if ((found.mode & TOO_OPEN) !== 0) throw new UserError(`the key ${path} is open to others: run "chmod 600 ${path}"`);
  const self = process.geteuid?.() ?? found.uid;
  const trusted = self === 0 ? [0, statSync(dirname(path)).uid] : [0, self];
  if (!trusted.includes(found.uid)) {
    throw new UserError(`the key ${path} belongs to another account (uid ${found.uid}): it must belong to the account of the node`);
  }
}

function parseKey(text: string, path: string): Uint8Array {
  const key = /^[0-9a-fA-F]{64}$/.test(text)
    ? Buffer.from(text, 'hex')
    : /^[A-Za-z0-9+/]{43}=?$/.test(text)
      ? Buffer.from(text, 'base64')
      : undefined;
  if (key?.byteLength !== SEALING_KEY_BYTES) throw notAKey(path);
  return key;
}

const notAKey = (path: string) =>
  new UserError(`${path} holds no key of ${SEALING_KEY_BYTES} bytes in base64 or hexadecimal digits: ${HOW_TO_MAKE}`);

/** Root makes the key for whoever the directory belongs to, or the node could not read it. */
function writeWhole(path: string, text: string): void {
  rmSync(path, { force: true });
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const { uid, gid } = statSync(dirname(path));
  if (process.geteuid?.() === 0 && uid !== 0) chownSync(path, uid, gid);
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
