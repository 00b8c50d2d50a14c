import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UserError } from '@beacontower/runtime';

/** `parseArgs` whose complaints are one line for the person who typed. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UserError(`${(error as Error).message.split('\n')[0]}; --help tells what there is`);
  }
}

/** A non-negative integer of the command line, or null when it was not given. */
export function count(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw new UserError(`--${name} "${text}": expected a whole number`);
  return Number(text);
}
