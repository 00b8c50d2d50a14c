import type { ObjectClass, Severity } from '@beacontower/domain';

export type Language = 'zh' | 'en';

/** Words for people, in both languages. */
export const CLASS_NAMES: Record<ObjectClass, Record<Language, string>> = {
  backbone: { zh: '广域骨干网', en: 'Backbone' },
  'user-access': { zh: '用户接入', en: 'User access' },
  'internet-exit': { zh: '互联网出口', en: 'Internet exit' },
  other: { zh: '其他', en: 'Other' },
};

export const SEVERITY_NAMES: Record<Severity, Record<Language, string>> = {
  critical: { zh: '紧急', en: 'critical' },
  major: { zh: '重要', en: 'major' },
  minor: { zh: '次要', en: 'minor' },
  warning: { zh: '警告', en: 'warning' },
};

/** `3 d 4 h`, `12 min 5 s`, `40 s`: the two largest units. Chinese: `3 天 4 小时`. */
export function durationText(ms: number, language: Language): string {
  const units = language === 'zh' ? ['天', '小时', '分', '秒'] : ['d', 'h', 'min', 's'];
  const seconds = Math.round(ms / 1_000);
  const values = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const first = values.findIndex((value) => value > 0);
  if (first === -1) return `${ms < 1_000 && ms > 0 ? '<1' : '0'} ${units[3]}`;
  return [first, first + 1].flatMap((i) => ((values[i] ?? 0) > 0 ? [`${values[i]} ${units[i]}`] : [])).join(' ');
}

/** Date and time with the offset of the zone named, such as `2026-11-22 02:40:05 (UTC+8)`. */
export function timeText(iso: string, timeZone: string): string {
  const format = formats.get(timeZone) ?? formatFor(timeZone);
  formats.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(new Date(iso)).map((part) => [part.type, part.value]));
  const zone = String(parts.timeZoneName).replace('GMT', 'UTC');
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second} (${zone})`;
}

/** Formatters are costly to make. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  });
}
