/**
 * The cryptography of the user-based security model (RFC 3414, 3826, 7860 and the two drafts for AES-256), out of Node's own
 * hashes and ciphers; keys that must be lengthened by a draft are net-snmp's. (Its sessions are not used: their DES needs an OpenSSL of
 * old, they take answers that prove nothing, and they hash a megabyte for every device.)
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SnmpSecret } from '@beacontower/contracts';
import { Authentication, AuthProtocols, Encryption, PrivProtocols } from 'net-snmp';
import { FLAG } from './secure-message.ts';

type UserSecret = Extract<SnmpSecret, { version: '3' }>;
type AuthName = NonNullable<UserSecret['auth']>['protocol'];
type PrivacyName = NonNullable<UserSecret['privacy']>['protocol'];

const AUTH = {
  md5: { hash: 'md5', length: 12, id: AuthProtocols.md5 },
  sha1: { hash: 'sha1', length: 12, id: AuthProtocols.sha },
  sha224: { hash: 'sha224', length: 16, id: AuthProtocols.sha224 },
  sha256: { hash: 'sha256', length: 24, id: AuthProtocols.sha256 },
  sha384: { hash: 'sha384', length: 32, id: AuthProtocols.sha384 },
  sha512: { hash: 'sha512', length: 48, id: AuthProtocols.sha512 },
} as const satisfies Record<AuthName, unknown>;

/** The keys of one user for one engine. */
export interface UserKeys {
  readonly auth: Buffer | null;
  /** For DES the key and, behind it, what the initialisation vector is made of. */
  readonly privacy: Buffer | null;
}

/** The engine's boots and time as they stand in the message: AES takes them into its initialisation vector. */
export interface EngineTime {
  readonly boots: number;
  readonly time: number;
}

/** RFC 3414, 2.6: a megabyte of the password over and over. */
const PASSWORD_BYTES = 1024 * 1024;
const MOST_PASSWORDS = 256;

/**
 * The digests of passwords, which take milliseconds to make and are the same for every device: one of these for all of them. Held under
 * a digest of the password, not the password.
 */
export class PasswordDigests {
  readonly #known = new Map<string, Buffer>();

  digest(hash: string, password: string): Buffer {
    const name = `${hash} ${createHash('sha256').update(password).digest('base64')}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const digest = createHash(hash)
      .update(Buffer.alloc(PASSWORD_BYTES, password, 'utf8'))
      .digest();
    if (this.#known.size >= MOST_PASSWORDS) this.#known.clear();
    this.#known.set(name, digest);
    return digest;
  }
}

/** One user's protocols and passwords. */
export class UserSecurity {
  /** msgFlags of the user's level. */
  readonly level: number;
  /** Bytes of a digest; 0 without authentication. */
  readonly digestLength: number;
  readonly #secret: UserSecret;

  readonly #passwords: PasswordDigests;

  constructor(secret: UserSecret, passwords: PasswordDigests) {
    this.#secret = secret;
    this.#passwords = passwords;
    this.level = (secret.auth ? FLAG.authenticated : 0) | (secret.privacy ? FLAG.encrypted : 0);
    this.digestLength = secret.auth ? AUTH[secret.auth.protocol].length : 0;
  }

  keysFor(engineId: Uint8Array): UserKeys {
    const { auth, privacy } = this.#secret;
    if (auth === null) return { auth: null, privacy: null };
    const { hash } = AUTH[auth.protocol];
    return {
      auth: localized(hash, this.#passwords.digest(hash, auth.key), engineId),
      privacy: privacy && this.#privacyKey(auth.protocol, privacy.protocol, privacy.key, engineId),
    };
  }

  digest(keys: UserKeys, message: Uint8Array): Buffer {
    if (keys.auth === null || this.#secret.auth === null) return Buffer.alloc(0);
    return createHmac(AUTH[this.#secret.auth.protocol].hash, keys.auth).update(message).digest().subarray(0, this.digestLength);
  }

  /** True when the digest at that place of the datagram is right. The datagram is left as it was. */
  proves(keys: UserKeys, datagram: Buffer, digestAt: number, digestStop: number): boolean {
    if (keys.auth === null || digestStop - digestAt !== this.digestLength) return false;
    const said = Buffer.from(datagram.subarray(digestAt, digestStop));
    datagram.fill(0, digestAt, digestStop);
    const right = this.digest(keys, datagram);
    said.copy(datagram, digestAt);
    return timingSafeEqual(said, right);
  }

  encrypt(keys: UserKeys, engine: EngineTime, plain: Uint8Array): { readonly data: Buffer; readonly salt: Buffer } {
    const { privacy } = this.#secret;
    if (privacy === null || keys.privacy === null) throw new Error('a user without privacy encrypts nothing');
    const salt = randomBytes(8);
    if (privacy.protocol === 'des') {
      const padded = Buffer.alloc(Math.ceil(plain.length / 8) * 8);
      padded.set(plain);
      const cipher = createCipheriv('des-ede3-cbc', desKey(keys.privacy), desVector(keys.privacy, salt)).setAutoPadding(false);
      return { data: Buffer.concat([cipher.update(padded), cipher.final()]), salt };
    }
    const cipher = createCipheriv(aesName(privacy.protocol), keys.privacy, aesVector(engine, salt));
    return { data: Buffer.concat([cipher.update(plain), cipher.final()]), salt };
  }

  /** Null when it cannot be decrypted. A wrong key mostly gives bytes without sense instead. */
  decrypt(keys: UserKeys, engine: EngineTime, data: Uint8Array, salt: Uint8Array): Buffer | null {
    const { privacy } = this.#secret;
    if (privacy === null || keys.privacy === null || salt.length !== 8) return null;
    if (privacy.protocol === 'des') {
      if (data.length % 8 !== 0) return null;
      const decipher = createDecipheriv('des-ede3-cbc', desKey(keys.privacy), desVector(keys.privacy, salt)).setAutoPadding(false);
      return Buffer.concat([decipher.update(data), decipher.final()]);
    }
    const decipher = createDecipheriv(aesName(privacy.protocol), keys.privacy, aesVector(engine, salt));
    return Buffer.concat([decipher.update(data), decipher.final()]);
  }

  #privacyKey(auth: AuthName, privacy: PrivacyName, password: string, engineId: Uint8Array): Buffer {
    const { hash } = AUTH[auth];
    const key = localized(hash, this.#passwords.digest(hash, password), engineId);
    const length = privacy === 'aes256b' || privacy === 'aes256r' ? 32 : 16;
    return key.length >= length ? key.subarray(0, length) : lengthened(auth, privacy, password, Buffer.from(engineId));
  }
}

/** RFC 3414, 2.6: the key of a password, made one engine's own. */
function localized(hash: string, digest: Uint8Array, engineId: Uint8Array): Buffer {
  return createHash(hash).update(digest).update(engineId).update(digest).digest();
}

/** A key of 32 bytes by a hash that is shorter, in the way of one or the other draft: net-snmp knows both. */
function lengthened(auth: AuthName, privacy: PrivacyName, password: string, engine: Buffer): Buffer {
  const { id } = AUTH[auth];
  const { algorithms } = Encryption;
  const key =
    privacy === 'aes256r'
      ? Encryption.generateLocalizedKeyReeder(algorithms[PrivProtocols.aes256r], id, password, engine)
      : Encryption.generateLocalizedKeyBlumenthal(algorithms[PrivProtocols.aes256b], id, password, engine);
  // net-snmp keeps every key it ever derived under its password, for ever.
  for (const name of Object.keys(Authentication.authToKeyCache)) delete Authentication.authToKeyCache[name];
  return key;
}

function aesName(privacy: Exclude<PrivacyName, 'des'>): string {
  return privacy === 'aes128' ? 'aes-128-cfb' : 'aes-256-cfb';
}

/** RFC 3826, 3.1.2.1: boots, time, salt. */
function aesVector({ boots, time }: EngineTime, salt: Uint8Array): Buffer {
  const vector = Buffer.alloc(16);
  vector.writeUInt32BE(boots, 0);
  vector.writeUInt32BE(time, 4);
  vector.set(salt, 8);
  return vector;
}

/** Triple DES with one key three times over is DES, which OpenSSL 3 no longer has by its name. */
function desKey(key: Buffer): Buffer {
  const single = key.subarray(0, 8);
  return Buffer.concat([single, single, single]);
}

/** RFC 3414, 8.1.1.1: the second half of the localized key, XOR the salt. */
function desVector(key: Buffer, salt: Uint8Array): Buffer {
  return Buffer.from(key.subarray(8, 16).map((byte, i) => byte ^ (salt[i] as number)));
}
