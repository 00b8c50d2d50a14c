import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@beacontower/runtime';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Does `work` again while it rejects, with growing pauses, until `until` (epoch ms); then rejects as it did last. */
export async function persist<T>(work: () => Promise<T>, { until, clock }: { readonly until: number; readonly clock: Clock }): Promise<T> {
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
    try {
      return await work();
    } catch (error) {
      if (clock.now() + wait >= until) throw error;
      await pause(wait);
    }
  }
}
