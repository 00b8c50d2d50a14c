const FIRST_MS = 100;
const LONGEST_MS = 5_000;
/** A process that was ready for so long starts with a clean slate. */
const STEADY_MS = 10_000;

/** Pause before the next start: 100 ms, doubled with each end in a row up to 5 s; the first again after 10 s of steady running. */
export function nextDelay(previousMs: number, ranForMs: number): number {
  if (previousMs === 0 || ranForMs >= STEADY_MS) return FIRST_MS;
  return Math.min(previousMs * 2, LONGEST_MS);
}
