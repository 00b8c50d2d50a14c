import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UserError } from '@beacontower/runtime';

/** `parseArgs` whose complaints are one line for the person who typed. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node goes on with how to type an argument that begins with a dash, which hardly ever was meant.
    const said = (error as Error).message.split('\n')[0]?.replace(/\. To specify a positional argument.*$/, '');
    throw new UserError(`${said}; --help tells what there is`);
  }
}

/** A moment of the command line: a day (midnight UTC) or a time of RFC 3339; undefined when it was not given. */
export function moment(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const isMoment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const at = isMoment ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new UserError(
      `--${name} "${text}": expected a day (in UTC) or a time, such as 2026-03-01, 2026-03-01T08:00:00Z or 2026-03-01T16:00+08:00`,
    );
  return at;
}

/** A non-negative integer of the command line, or null when it was not given. */
export function count(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw new UserError(`--${name} "${text}": expected a whole number`);
  return Number(text);
}
