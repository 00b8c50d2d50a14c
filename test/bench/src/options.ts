import { type ParseArgsConfig, parseArgs } from 'node:util';

/** `parseArgs` for the person who typed: what was wrong is one line on standard error and exit code 1, never a stack. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    return refuse(`${(error as Error).message.split('\n')[0]}; --help tells what there is`);
  }
}

/** A whole number from `least` on, 1 unless told. */
export function count(name: string, text: string, least = 1): number {
  const value = /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : Number.NaN;
  return value >= least ? value : refuse(`--${name} "${text}": expected a whole number from ${least} on`);
}

/** Says what was typed wrong, in one line, and ends the process. */
export function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
