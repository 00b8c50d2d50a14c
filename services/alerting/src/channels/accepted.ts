import { runInNewContext } from 'node:vm';
import type { BodyVerdict } from './answer.ts';

/** A pattern that tries every way to match can take longer than the sun lasts, and holds everything up meanwhile. */
const LONGEST_MS = 100;

/**
 * A gateway that answers 200 to everything says in its answer whether it took the message: what a 2xx answer is worth by the pattern
 * `accepted`. `whole`: whether all of the answer was read.
 */
export function judgeAccepted(accepted: string | null, text: string, whole: boolean): BodyVerdict {
  if (accepted === null) return null;
  const matches = isMatch(accepted, text);
  if (matches === true) return null;
  if (matches === 'too-long')
    return verdict('retry', '"accepted" of the channel takes too long to judge the answer: write a simpler pattern');
  // What it asks for may stand in the part that was not read.
  if (!whole) return verdict('in-doubt', 'what was read of the answer of the gateway is not what "accepted" asks for');
  return verdict('retry', 'the answer of the gateway is not what "accepted" asks for');
}

const verdict = (outcome: 'retry' | 'in-doubt', error: string): BodyVerdict => ({ outcome, error, retryAfterMs: null });

// Only a script that runs apart can be ended in the middle of a match.
function isMatch(accepted: string, text: string): boolean | 'too-long' {
  try {
    return runInNewContext('new RegExp(accepted, "u").test(text)', { accepted, text }, { timeout: LONGEST_MS }) === true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'too-long';
    throw error;
  }
}
