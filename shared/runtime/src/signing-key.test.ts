import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSignedBy, keyFingerprint, makeSigningKey, parsePublicKey, readSigningKey } from './signing-key.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bt-sign-'));
  path = join(directory, 'signing.key');
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (text: string, mode = 0o600) => {
  writeFileSync(path, text);
  chmodSync(path, mode);
};
const pem = (type: 'ed25519' | 'x25519') =>
  type === 'ed25519'
    ? generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    : generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const MESSAGE = Buffer.from('99.97%');

describe('the signing key', () => {
  it('is made once, for its owner alone, and signs the same ever after', () => {
    const made = makeSigningKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(makeSigningKey(path).publicKey).toBe(made.publicKey);
    expect(readSigningKey(path).sign(MESSAGE)).toBe(made.sign(MESSAGE));
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('is what OpenSSL writes', () => {
    write(pem('ed25519'), 0o640);
    const signer = readSigningKey(path);
    expect(isSignedBy(signer.publicKey, MESSAGE, signer.sign(MESSAGE))).toBe(true);
  });

  it.each([
    ['missing', undefined, 0o600, 'there is no key at'],
    ['empty', '', 0o600, 'holds no Ed25519 private key'],
    ['of another kind', pem('x25519'), 0o600, 'openssl genpkey -algorithm ed25519'],
    ['open to others', pem('ed25519'), 0o644, 'is open to others: run "chmod 600'],
  ])('%s is refused in one line', (_, text, mode, says) => {
    if (text !== undefined) write(text, mode);
    expect(() => readSigningKey(path)).toThrow(says);
  });
});

describe('a signature', () => {
  it('is of one key and one message', () => {
    const signer = makeSigningKey(path);
    const other = makeSigningKey(join(directory, 'other.key'));
    const signature = signer.sign(MESSAGE);
    expect(isSignedBy(other.publicKey, MESSAGE, signature)).toBe(false);
    expect(isSignedBy(signer.publicKey, Buffer.from('99.98%'), signature)).toBe(false);
    for (const broken of ['', 'AAAA', '?', signature.slice(4)]) expect(isSignedBy(signer.publicKey, MESSAGE, broken)).toBe(false);
    expect(isSignedBy('nothing', MESSAGE, signature)).toBe(false);
  });

  it('names its key in any of the forms in which people keep one', () => {
    const { publicKey } = makeSigningKey(path);
    const bare = Buffer.from(publicKey, 'base64').subarray(-32).toString('base64');
    for (const form of [publicKey, bare, ` ${publicKey}\n`, `-----BEGIN PUBLIC KEY-----\n${publicKey}\n-----END PUBLIC KEY-----\n`])
      expect(parsePublicKey(form)).toBe(publicKey);
    for (const form of ['', 'no key', 'AAAA', `${publicKey}AA`]) expect(parsePublicKey(form)).toBeUndefined();
    expect(keyFingerprint(publicKey)).toMatch(/^([0-9a-f]{4}:){7}[0-9a-f]{4}$/);
  });
});
