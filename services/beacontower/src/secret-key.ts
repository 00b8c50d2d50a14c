/** Where the keys of a node are, and who may make it. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSealer, type Environment, makeSealingKey, readSealingKey, SEALING_KEY_BYTES, type Sealer } from '@beacontower/runtime';

/** The file of the key: the one that was named, or `secret.key` in the data directory. */
export function secretKeyFile(environment: Environment, data: string | undefined): string {
  return resolve(environment.secretKeyFile ?? join(data ?? environment.dataDirectory, 'secret.key'));
}

/** The file of the key that signs evidence: the one that was named, or `signing.key` in the data directory. */
export function signingKeyFile(environment: Environment, data: string | undefined): string {
  return resolve(environment.signingKeyFile ?? join(data ?? environment.dataDirectory, 'signing.key'));
}

/** The sealer of a command that writes. A key file that was named must be there; the usual one is made where there is none. */
export function sealerForWriting(environment: Environment, data: string | undefined): Sealer {
  const file = secretKeyFile(environment, data);
  return createSealer(environment.secretKeyFile === null ? makeSealingKey(file) : readSealingKey(file));
}

/**
 * The sealer of a command that only shows. Where there is no key yet nothing can have been sealed with it: whatever is sealed then
 * is shown as new, and a key that is forgotten again does.
 */
export function sealerForReading(environment: Environment, data: string | undefined): Sealer {
  const file = secretKeyFile(environment, data);
  return createSealer(existsSync(file) ? readSealingKey(file) : randomBytes(SEALING_KEY_BYTES));
}
