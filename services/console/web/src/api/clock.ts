/** The time as the node has it: a screen on a wall may be minutes off, and "since when" must still be right. */

/** `Date` of an answer is cut to a second, and the way takes time: less than this is no difference. */
const TOLERANCE_MS = 2_000;

let offset = 0;

/** What to add to this browser's clock; 0 while the two agree. Epoch ms; `dateHeader` as the answer had it. */
export function offsetOf(dateHeader: string | null, sentAt: number, receivedAt: number): number | null {
  const told = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  if (Number.isNaN(told)) return null;
  // The header's second began at `told`; half of it is the best guess within, half of the way the best guess of the moment.
  const difference = told + 500 - (sentAt + receivedAt) / 2;
  return Math.abs(difference) < TOLERANCE_MS + (receivedAt - sentAt) / 2 ? 0 : Math.round(difference);
}

/** Learns from an answer of the node how far this browser's clock is off. */
export function learnClock(dateHeader: string | null, sentAt: number, receivedAt: number): void {
  offset = offsetOf(dateHeader, sentAt, receivedAt) ?? offset;
}

/** Now by the node's clock, epoch ms. */
export function nodeNow(): number {
  return Date.now() + offset;
}

/** How far this browser's clock is behind the node's (negative: ahead), ms; 0: they agree. */
export function clockOffset(): number {
  return offset;
}
