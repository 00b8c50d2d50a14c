import { setTimeout as sleep } from 'node:timers/promises';
import type { LoopResult } from '@beacontower/runtime';

const MOST_MS = 1_000;

/** Rests so long, a second at most at a time, whatever wakes the loop meanwhile; then it is looked at anew. */
export async function rest(ms: number, signal: AbortSignal): Promise<LoopResult> {
  await sleep(Math.min(ms, MOST_MS), undefined, { signal }).catch(() => undefined);
  return 'again';
}
