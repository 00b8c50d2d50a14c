import { readFile } from 'node:fs/promises';
import type { SecretReference } from '@beacontower/contracts';
import { environmentVariable } from '@beacontower/runtime';

/** Resolves a secret at the moment it is needed; rejects with the name of what is missing, never with a value. */
export type SecretResolver = (reference: SecretReference) => Promise<string>;

/** A secret that a channel refers to cannot be had. The message names the reference only. */
export class SecretMissing extends Error {
  readonly code = 'secret-missing';
}

/** Reads secrets from the environment or from files (one trailing line break is not part of them). */
export const resolveSecret: SecretResolver = async (reference) => {
  if ('env' in reference) {
    const value = environmentVariable(reference.env);
    if (value === undefined) throw new SecretMissing(`the environment variable ${reference.env} is not set`);
    return value;
  }
  try {
    return (await readFile(reference.file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new SecretMissing(`the file ${reference.file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
};
