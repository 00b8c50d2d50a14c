/** Files that hold a key of the node: read with care, made once, never overwritten. */
import { chownSync, closeSync, fstatSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from './environment.ts';

/** Its group may write, or anybody may do anything. A group may read: that is how containers are handed secrets. */
const TOO_OPEN = 0o027;
/** No honest key file is longer. */
const MOST_BYTES = 1024;

/** One sort of key: how it is made, and how its file is read. `parse` gives undefined for what is none. */
export interface KeyKind<T> {
  /** What a person does who has none. */
  readonly howToMake: string;
  /** Says what the file should hold: `<path> holds no <what>: <howToMake>`. */
  readonly what: string;
  readonly parse: (text: string) => T | undefined;
  /** The content of a new file. */
  readonly make: () => string;
}

/** Reads the key. Throws a `UserError` that says what to do; it never shows the content. */
export function readKeyFile<T>(path: string, kind: KeyKind<T>): T {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError(`there is no key at ${path}: ${kind.howToMake}`);
    throw new UserError(`the key ${path} cannot be read (${code}): it must be readable by the account of the node`);
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.size > MOST_BYTES) throw notAKey(path, kind);
    checkHands(path, found);
    const key = kind.parse(readFileSync(file, 'utf8').trim());
    if (key === undefined) throw notAKey(path, kind);
    return key;
  } finally {
    closeSync(file);
  }
}

/** Reads the key, or makes one where there is none. Two that make one at the same time end with the same. */
export function makeKeyFile<T>(path: string, kind: KeyKind<T>): T {
  const own = `${path}.${process.pid}.new`;
  try {
    statSync(path);
    return readKeyFile(path, kind);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    writeWhole(own, kind.make());
    // A link is made whole or not at all, and never in place of another.
    linkSync(own, path);
    syncDirectory(dirname(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new UserError(`the key ${path} cannot be made (${code}): make its directory writable for this user`);
  } finally {
    rmSync(own, { force: true });
  }
  return readKeyFile(path, kind);
}

function checkHands(path: string, found: { readonly mode: number; readonly uid: number }): void {
  if ((found.mode & TOO_OPEN) !== 0) throw new UserError(`the key ${path} is open to others: run "chmod 600 ${path}"`);
  const self = process.geteuid?.() ?? found.uid;
  const trusted = self === 0 ? [0, statSync(dirname(path)).uid] : [0, self];
  if (!trusted.includes(found.uid)) {
    throw new UserError(`the key ${path} belongs to another account (uid ${found.uid}): it must belong to the account of the node`);
  }
}

const notAKey = (path: string, { what, howToMake }: Pick<KeyKind<unknown>, 'what' | 'howToMake'>) =>
  new UserError(`${path} holds no ${what}: ${howToMake}`);

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
