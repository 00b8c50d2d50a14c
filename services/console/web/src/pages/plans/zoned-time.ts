/** Times typed into a field of the browser, which knows no zone, as moments in the zone of the node. */

const FIELD = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/;
const parts = new Map<string, Intl.DateTimeFormat>();

/** How far the zone is ahead of UTC at a moment, ms. */
function offsetAt(at: number, timeZone: string): number {
  let format = parts.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    parts.set(timeZone, format);
  }
  return Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}

/**
 * The moment (epoch ms) that `2026-11-22T03:04` names in the zone; null: it names none. A time that a change of clocks leaves out is
 * taken for the one as much later; of one that comes twice, the first.
 */
export function momentOf(text: string, timeZone: string): number | null {
  const found = FIELD.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number];
  const local = Date.UTC(year, month - 1, day, hour, minute);
  if (new Date(local).toISOString().slice(0, 16) !== text) return null;
  // What the zone is ahead by half a day before and after are the only two it can be.
  const candidates = [offsetAt(local - 43_200_000, timeZone), offsetAt(local + 43_200_000, timeZone)].map((offset) => local - offset);
  const exact = candidates.filter((at) => offsetAt(at, timeZone) === local - at);
  return Math.min(...(exact.length > 0 ? exact : [Math.max(...candidates)]));
}

/** What a field shows for a moment (epoch ms). */
export function fieldOf(at: number, timeZone: string): string {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 16);
}
