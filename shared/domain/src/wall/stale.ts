/** What was judged so long ago is not believed any more, whatever it was. */
const LONGEST_BELIEVED_MS = 600_000;
/** Judging takes its time, and a process that hands over to another is away for some seconds. */
const LEAST_BELIEVED_MS = 30_000;

/**
 * For how long what was judged of objects is believed while nothing newer is judged. `resolutionMs`: the longest outage that checks of
 * this sort can miss: twice that has room for a round that was late and for its judgement.
 */
export function believedFor(resolutionMs: number): number {
  return Math.min(LONGEST_BELIEVED_MS, Math.max(LEAST_BELIEVED_MS, 2 * resolutionMs));
}
