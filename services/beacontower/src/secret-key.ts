/** Where the key of a node is, and who may make it. */
import { join, resolve } from 'node:path';
import { createSealer, type Environment, makeSealingKey, readSealingKey, type Sealer } from '@beacontower/runtime';

/** The file of the key: the one that was named, or `secret.key` in the data directory. */
export function secretKeyFile(environment: Environment, data: string | undefined): string {
  return resolve(environment.secretKeyFile ?? join(data ?? environment.dataDirectory, 'secret.key'));
}

/** The sealer of a command that writes. A key file that was named must be there; the usual one is made where there is none. */
export function sealerForWriting(environment: Environment, data: string | undefined): Sealer {
  const file = secretKeyFile(environment, data);
  return createSealer(environment.secretKeyFile === null ? makeSealingKey(file) : readSealingKey(file));
}
