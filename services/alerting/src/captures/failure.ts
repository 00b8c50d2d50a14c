import type { DueCapture } from '@beacontower/database';
import { RequestError } from '@beacontower/queue';
import { withoutCredentials } from '@beacontower/runtime';
import { NothingThere } from './look.ts';

/** Times a look is tried when there is nobody to make it, or no time. */
const MOST_ATTEMPTS = 3;
const PAUSE_MS = 5_000;

const WHY: Readonly<Record<string, readonly [way: string, samples: string]>> = {
  nobody: ['no collector of its zone answers', 'the sample store is not open'],
  busy: ['its collectors have too many such questions waiting', 'too many questions wait for the sample store'],
  late: ['its collectors did not answer in time', 'the sample store did not answer in time'],
};

/** What becomes of a look that failed: it is tried again at `againAt` (epoch ms), or it has failed, for a reason that people can read. */
export function failureOf(
  error: unknown,
  { attempt, kind }: Pick<DueCapture, 'attempt' | 'kind'>,
  now: number,
): { readonly againAt: number } | { readonly error: string } {
  if (error instanceof NothingThere) return { error: error.message };
  const code = error instanceof RequestError ? error.code : '';
  if (Object.hasOwn(WHY, code) && attempt < MOST_ATTEMPTS) return { againAt: now + PAUSE_MS * attempt };
  const why = WHY[code]?.[kind === 'traceroute' ? 0 : 1];
  return { error: why ?? withoutCredentials(error instanceof Error ? error.message : String(error)).slice(0, 500) };
}
