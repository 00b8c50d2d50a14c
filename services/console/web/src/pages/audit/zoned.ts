/** Moments as people type them, in the node's zone. */

/** How far a zone is ahead of UTC at a moment, ms. */
function aheadOf(epochMs: number, timeZone: string): number {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(epochMs);
  return Date.parse(`${text.replace(' ', 'T')}Z`) - Math.floor(epochMs / 1000) * 1000;
}

/** `2026-11-22T03:04` of a zone as an instant of the API; null when it is none. */
export function instantOf(local: string, timeZone: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(local)) return null;
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  // The offset at that moment, not at the moment of the same figures in UTC: asked twice, for a clock may have changed between.
  const guess = asUtc - aheadOf(asUtc, timeZone);
  return new Date(asUtc - aheadOf(guess, timeZone)).toISOString();
}
