import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from './environment.ts';
import { createSealer, SealError } from './sealing.ts';
import { createFileSealer, makeSealingKey, readSealingKey } from './sealing-key.ts';

const HEX = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bt-key-'));
  path = join(directory, 'secret.key');
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (text: string, mode = 0o600) => {
  writeFileSync(path, text);
  chmodSync(path, mode);
};
/** The one line a person gets; never the content. */
const refusal = (text: string, mode?: number): string => {
  write(text, mode);
  try {
    readSealingKey(path);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).not.toContain(text.trim() || 'nothing');
    return (error as Error).message;
  }
  return '';
};

describe('the key file', () => {
  it('is made once, for its owner alone, and never again', () => {
    const key = makeSealingKey(path);
    expect(key).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(makeSealingKey(path)).toEqual(key);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(directory)).toEqual(['secret.key']);
  });

  it('is not made over one that is wrong: that one may be all there is of it', () => {
    write('not a key');
    expect(() => makeSealingKey(path)).toThrow('holds no key of 32 bytes');
    expect(readFileSync(path, 'utf8')).toBe('not a key');
  });

  it('cannot be made where the directory is missing, in one line', () => {
    expect(() => makeSealingKey(join(directory, 'none', 'secret.key'))).toThrow(/cannot be made \(ENOENT\)/);
  });

  it('is read as hexadecimal digits or base64, line end or not, through a link', () => {
    write(`${HEX}\n`);
    const key = readSealingKey(path);
    expect(Buffer.from(key).toString('hex')).toBe(HEX);
    write(Buffer.from(key).toString('base64'), 0o640);
    symlinkSync(path, join(directory, 'link'));
    expect(readSealingKey(join(directory, 'link'))).toEqual(key);
  });

  it.each([
    ['too short', HEX.slice(2), 0o600, 'holds no key of 32 bytes'],
    ['too long', `${HEX}00`, 0o600, 'holds no key of 32 bytes'],
    ['empty', '', 0o600, 'holds no key of 32 bytes'],
    ['a passphrase', 'correct horse battery staple', 0o600, 'openssl rand -base64 32'],
    ['a large file', 'x'.repeat(2_000), 0o600, 'holds no key of 32 bytes'],
    ['readable by anybody', HEX, 0o644, 'is open to others: run "chmod 600'],
    ['writable by the group', HEX, 0o620, 'is open to others'],
  ])('%s is refused, and never shown', (_, text, mode, says) => {
    expect(refusal(text, mode)).toContain(says);
  });

  it('that is missing or a directory is said', () => {
    expect(() => readSealingKey(path)).toThrow(`there is no key at ${path}: make one with`);
    expect(() => readSealingKey(directory)).toThrow('holds no key');
  });

  it.runIf(process.getuid?.() === 0)('of another account is refused, also by root, unless its directory is theirs too', () => {
    write(HEX);
    chownSync(path, 65_533, 65_533);
    expect(() => readSealingKey(path)).toThrow('belongs to another account (uid 65533)');
    chownSync(directory, 65_533, 65_533);
    expect(readSealingKey(path)).toHaveLength(32);
  });

  it.runIf(process.getuid?.() === 0)('made by root belongs to whom the directory belongs to', () => {
    chownSync(directory, 65_533, 65_533);
    makeSealingKey(path);
    expect(statSync(path)).toMatchObject({ uid: 65_533, gid: 65_533 });
  });
});

describe('a sealer of a file', () => {
  it('fails only when used, and then says what is missing; works once the key is there', () => {
    const sealer = createFileSealer(path);
    expect(() => sealer.seal('a', 'b')).toThrow('there is no key at');
    makeSealingKey(path);
    expect(sealer.open(sealer.seal('a', 'b'), 'b')).toBe('a');
  });

  it('takes up a key that was replaced when something does not open', () => {
    const sealer = createFileSealer(path);
    write(HEX);
    const before = sealer.seal('a', 'b');
    const other = HEX.replace('00', '01');
    rmSync(path);
    write(`${other}\n\n`);
    const after = createSealer(Buffer.from(other, 'hex')).seal('a', 'b');
    expect(sealer.open(after, 'b')).toBe('a');
    expect(() => sealer.open(before, 'b')).toThrow(SealError);
  });
});
