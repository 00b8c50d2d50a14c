import { createHash, createHmac } from 'node:crypto';
import type { SnmpSecret } from '@beacontower/contracts';
import { Authentication } from 'net-snmp';
import { describe, expect, it } from 'vitest';
import { PasswordDigests, UserSecurity } from './user-security.ts';

type UserSecret = Extract<SnmpSecret, { version: '3' }>;
const passwords = new PasswordDigests();
const ENGINE = Buffer.from('000000000000000000000002', 'hex');

function security(
  auth: NonNullable<UserSecret['auth']>['protocol'],
  privacy: NonNullable<UserSecret['privacy']>['protocol'] | null = null,
): UserSecurity {
  const key = 'maplesyrup';
  return new UserSecurity(
    {
      version: '3',
      user: 'u',
      context: '',
      auth: { protocol: auth, key },
      privacy: privacy && { protocol: privacy, key },
    },
    passwords,
  );
}

describe('keys of a user', () => {
  // RFC 3414, A.3.1 and A.3.2.
  it.each([
    ['md5', '526f5eed9fcce26f8964c2930787d82b'],
    ['sha1', '6695febc9288e36282235fc7151f128497b38f3f'],
  ] as const)('by %s are those of the RFC', (protocol, key) => {
    expect(security(protocol).keysFor(ENGINE).auth?.toString('hex')).toBe(key);
  });

  it.each(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const)('by %s are those of net-snmp', (protocol) => {
    const theirs = { md5: 2, sha1: 3, sha224: 4, sha256: 5, sha384: 6, sha512: 7 } as const;
    const { auth, privacy } = security(protocol, 'aes128').keysFor(ENGINE);
    expect(auth).toEqual(Authentication.passwordToKey(theirs[protocol], 'maplesyrup', ENGINE));
    expect(privacy).toEqual(auth?.subarray(0, 16));
  });

  it('for AES-256 are lengthened in the two ways there are', () => {
    const short = security('sha1').keysFor(ENGINE).auth as Buffer;
    const hash = (...parts: Buffer[]) => createHash('sha1').update(Buffer.concat(parts)).digest();
    const blumenthal = Buffer.concat([short, hash(short)]).subarray(0, 32);
    expect(security('sha1', 'aes256b').keysFor(ENGINE).privacy).toEqual(blumenthal);
    const repeated = Buffer.alloc(1024 * 1024, short);
    const digest = hash(repeated);
    expect(security('sha1', 'aes256r').keysFor(ENGINE).privacy).toEqual(
      Buffer.concat([short, hash(digest, ENGINE, digest)]).subarray(0, 32),
    );
  });

  it('are not kept under the password by the library that derives them', () => {
    security('md5', 'aes256r').keysFor(ENGINE);
    expect(Object.keys(Authentication.authToKeyCache)).toEqual([]);
  });
});

describe('a digest', () => {
  it.each([
    ['md5', 'md5', 12],
    ['sha1', 'sha1', 12],
    ['sha224', 'sha224', 16],
    ['sha256', 'sha256', 24],
    ['sha384', 'sha384', 32],
    ['sha512', 'sha512', 48],
  ] as const)('by %s is right over a message whose digest is zero, and over no other', (protocol, hash, length) => {
    const subject = security(protocol);
    const keys = subject.keysFor(ENGINE);
    const message = Buffer.alloc(120, 7).fill(0, 10, 10 + length);
    const digest = subject.digest(keys, message);
    expect(digest).toEqual(
      createHmac(hash, keys.auth as Buffer)
        .update(message)
        .digest()
        .subarray(0, length),
    );
    digest.copy(message, 10);
    const before = Buffer.from(message);
    expect(subject.proves(keys, message, 10, 10 + length)).toBe(true);
    expect(message).toEqual(before);
    for (let at = 0; at < message.length; at++) {
      const forged = Buffer.from(message);
      forged[at] = (forged[at] as number) ^ 0x10;
      expect(subject.proves(keys, forged, 10, 10 + length)).toBe(false);
    }
    expect(subject.proves(keys, message, 10, 10 + length - 1)).toBe(false);
    expect(subject.proves({ auth: null, privacy: null }, message, 10, 10 + length)).toBe(false);
  });
});

describe('encryption', () => {
  it.each(['des', 'aes128', 'aes256b', 'aes256r'] as const)('by %s comes back, and differs each time', (privacy) => {
    const subject = security('sha256', privacy);
    const keys = subject.keysFor(ENGINE);
    const engine = { boots: 3, time: 77 };
    for (const length of [0, 1, 8, 15, 1_400]) {
      const plain = Buffer.alloc(length, 'scoped');
      const { data, salt } = subject.encrypt(keys, engine, plain);
      expect(subject.decrypt(keys, engine, data, salt)?.subarray(0, length)).toEqual(plain);
      if (length > 8) expect(subject.encrypt(keys, engine, plain).data).not.toEqual(data);
    }
  });

  it('refuses what cannot be decrypted', () => {
    const subject = security('sha256', 'des');
    const keys = subject.keysFor(ENGINE);
    expect(subject.decrypt(keys, { boots: 1, time: 1 }, Buffer.alloc(7), Buffer.alloc(8))).toBeNull();
    expect(subject.decrypt(keys, { boots: 1, time: 1 }, Buffer.alloc(8), Buffer.alloc(7))).toBeNull();
    expect(security('sha256').decrypt(keys, { boots: 1, time: 1 }, Buffer.alloc(8), Buffer.alloc(8))).toBeNull();
  });
});
