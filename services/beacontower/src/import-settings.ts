/** What the command line says of an import, checked. */
import { readTime } from '@beacontower/contracts';
import type { Covers } from '@beacontower/database';
import { OBJECT_CLASSES, type ObjectClass, requireTimeZone } from '@beacontower/domain';
import { UserError } from '@beacontower/runtime';

/** Options of `import outages` as they were typed. */
export interface TypedOutageOptions {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly covers?: readonly string[] | undefined;
  readonly edge?: string | undefined;
  readonly resolution?: string | undefined;
}

/** Null, or a time zone that there is. */
export function timeZoneOf(typed: string | undefined): string | null {
  if (typed === undefined) return null;
  try {
    requireTimeZone(typed);
  } catch {
    throw new UserError(`--time-zone "${typed}": expected the name of a time zone such as Asia/Shanghai`);
  }
  return typed;
}

/** The stretch for which the record is complete; null when none was given. */
export function stretchOf({ from, to }: TypedOutageOptions, timeZone: string | null, now: number): { from: number; to: number } | null {
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined)
    throw new UserError('--from and --to go together: the stretch for which the record is complete');
  const stretch = { from: momentOf('from', from, timeZone), to: momentOf('to', to, timeZone) };
  if (stretch.from >= stretch.to) throw new UserError('--to must be after --from');
  if (stretch.to > now) throw new UserError('--to lies in the future: nothing is recorded of it yet');
  return stretch;
}

/** A time of the command line, epoch ms; one without an offset is of the zone, and refused when there is none. */
export function momentOf(name: string, typed: string, timeZone: string | null): number {
  const read = readTime(typed, timeZone);
  if ('at' in read) return read.at;
  throw new UserError(`--${name} "${typed}": ${read.problem.en}; expected ${read.expected.en}`);
}

/** Which objects the stretch is complete for: those that the file names, unless more is said. */
export function coversOf(typed: readonly string[] = ['named']): Covers {
  const classes: ObjectClass[] = [];
  const divisions: string[] = [];
  for (const each of typed) {
    const [sort, value = ''] = each.split(/=(.*)/s);
    const found = OBJECT_CLASSES.find((name) => name === value);
    if (sort === 'class' && found !== undefined) classes.push(found);
    else if (sort === 'division' && /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(value)) divisions.push(value);
    else if (each !== 'named' && each !== 'all')
      throw new UserError(`--covers "${each}": expected named, all, class=${OBJECT_CLASSES.join('|')}, or division=PATH`);
  }
  return { named: typed.includes('named'), all: typed.includes('all'), classes, divisions };
}

/** Seconds of the command line as ms; 0 when not given. */
export function secondsOf(name: 'edge' | 'resolution', typed: string | undefined): number {
  if (typed === undefined) return 0;
  const seconds = /^\d{1,6}(\.\d{1,3})?$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(seconds <= 86_400)) throw new UserError(`--${name} "${typed}": expected a number of seconds, at most 86400`);
  return Math.round(seconds * 1000);
}
