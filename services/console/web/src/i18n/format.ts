import type { Language } from './language.tsx';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** A moment in the node's time zone, `2026-11-22 03:04:05`; with `parts` a part of it. */
export function formatTime(at: string | number | Date, timeZone: string, parts: 'full' | 'minute' | 'clock' | 'date' = 'full'): string {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    clocks.set(timeZone, clock);
  }
  const text = clock.format(typeof at === 'string' ? new Date(at) : at);
  if (parts === 'date') return text.slice(0, 10);
  if (parts === 'clock') return text.slice(11);
  return parts === 'minute' ? text.slice(0, 16) : text;
}

/** A duration in its two largest units: `3 天 4 小时`, `4m 05s`. */
export function formatDuration(ms: number, language: Language): string {
  const sign = ms < 0 ? '−' : '';
  const rest = Math.abs(ms);
  const zh = language === 'zh';
  const pair = (large: number, largeUnit: string, small: number, smallUnit: string) =>
    `${sign}${large}${zh ? ` ${largeUnit}` : largeUnit}${small === 0 ? '' : ` ${small}${zh ? ` ${smallUnit}` : smallUnit}`}`;
  if (rest >= DAY_MS) return pair(Math.floor(rest / DAY_MS), zh ? '天' : 'd', Math.floor((rest % DAY_MS) / HOUR_MS), zh ? '小时' : 'h');
  if (rest >= HOUR_MS)
    return pair(Math.floor(rest / HOUR_MS), zh ? '小时' : 'h', Math.floor((rest % HOUR_MS) / MINUTE_MS), zh ? '分' : 'm');
  if (rest >= MINUTE_MS) return pair(Math.floor(rest / MINUTE_MS), zh ? '分' : 'm', Math.floor((rest % MINUTE_MS) / 1000), zh ? '秒' : 's');
  return `${sign}${rest < 1000 && rest > 0 ? (rest / 1000).toFixed(1) : Math.floor(rest / 1000)}${zh ? ' 秒' : 's'}`;
}

/** The same in one unit, for where there is little room: `11 分`, `3d`. */
export function formatShortDuration(ms: number, language: Language): string {
  const rest = Math.max(0, ms);
  const zh = language === 'zh';
  const one = (size: number, unit: string) => `${Math.floor(rest / size)}${zh ? ` ${unit}` : unit}`;
  if (rest >= 2 * DAY_MS) return one(DAY_MS, zh ? '天' : 'd');
  if (rest >= 2 * HOUR_MS) return one(HOUR_MS, zh ? '小时' : 'h');
  return rest >= MINUTE_MS ? one(MINUTE_MS, zh ? '分' : 'm') : one(1000, zh ? '秒' : 's');
}

/** A fraction as per cent, never rounded up: 0.99969 is 99.96 % at two digits, not 99.97 %. Null is a dash: no figure. */
export function formatPercent(fraction: number | null, digits = 3): string {
  if (fraction === null) return '—';
  const scale = 10 ** digits;
  // What binary fractions cost (0.9997 * 100 = 99.96999…) is given back before cutting.
  const cut = Math.floor(fraction * 100 * scale + 1e-6) / scale;
  return `${cut.toFixed(digits)}%`;
}

/** The same for an upper bound, which is never rounded down: what is cut off would be claimed impossible. */
export function formatPercentUp(fraction: number | null, digits = 3): string {
  if (fraction === null) return '—';
  const scale = 10 ** digits;
  return `${(Math.ceil(fraction * 100 * scale - 1e-6) / scale).toFixed(digits)}%`;
}

const SI = ['', 'k', 'M', 'G', 'T'] as const;
/** bit/s with a decimal prefix: `9.4 Gbit/s`. */
export function formatBps(bps: number | null): string {
  if (bps === null) return '—';
  const power = bps < 1 ? 0 : Math.min(SI.length - 1, Math.floor(Math.log10(bps) / 3));
  const value = bps / 1000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${SI[power]}bit/s`;
}
