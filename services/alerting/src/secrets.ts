import { readFile } from 'node:fs/promises';
import { environmentVariable } from '@beacontower/runtime';
import type { SecretResolver } from './ports.ts';

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
