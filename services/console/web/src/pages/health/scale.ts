/** Bytes with a binary prefix: `74.6 GiB`; null is a dash. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '—';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** How a figure looks: as it should be, worth a look, wrong. */
export type Look = 'good' | 'warn' | 'bad';

/** By two bounds, of which the second is worse. */
export function lookOf(value: number, warn: number, bad: number): Look {
  if (value >= bad) return 'bad';
  return value >= warn ? 'warn' : 'good';
}

/** How long a report of the watchdog, which speaks every five seconds, may be shown as what is now. */
const STALE_MS = 20_000;

/** True when what is shown is of before: nobody could be asked, or nobody spoke. */
export function isStale(reportAt: string, nowMs: number): boolean {
  return nowMs - Date.parse(reportAt) > STALE_MS;
}
