/** Early warnings of objectives: the usual ones for a period, and whether given ones can ever do what they are for. */
import type { BurnWarning } from '../entities.ts';
import { type Complaint, text } from './fault.ts';
import type { ObjectiveYaml, WarningYaml } from './objective-schema.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From this length on a period has the usual warnings of a month; shorter ones have so small a budget that shares must be larger. */
const LONG_PERIOD_DAYS = 28;

/** The shortest that a calendar period of each kind can be, days. */
const DAYS = { day: 1, week: 7, month: 28, quarter: 90, 'half-year': 181, year: 365 } as const;
/** What rates are reckoned with: a month of 30 days, a half-year of 181 …; constants, so that a warning means the same all year. */
const NOMINAL_DAYS = { ...DAYS, month: 30, quarter: 91 } as const;

type Period = ObjectiveYaml['period'];
const daysOf = (period: Period, table: Readonly<Record<keyof typeof DAYS, number>>): number =>
  typeof period === 'string' ? table[period] : period.rolling;

/**
 * The usual warnings: each is a share of the period's error budget used up within a window, so that it means the same for every
 * period; its rate is `share × period ÷ window`. Over 30 days this is 14.4 and 6 (Google, SRE Workbook, ch. 5), over a half-year of
 * 181 days 86.88 and 36.2. The third looks at a tenth of the period: a budget that has begun to go faster than it may. What the
 * target makes unreachable (a budget larger than the whole window) is left out.
 */
export function usualWarnings(period: Period, target: number): BurnWarning[] {
  const days = daysOf(period, NOMINAL_DAYS);
  const isLong = days >= LONG_PERIOD_DAYS;
  const within = (severity: BurnWarning['severity'], longMs: number, shortMs: number, share: number): BurnWarning => ({
    severity,
    longMs,
    shortMs,
    rate: Number(((share * days * DAY) / longMs).toPrecision(4)),
  });
  const usual = isLong
    ? [
        within('critical', HOUR, 5 * MINUTE, 0.02),
        within('major', 6 * HOUR, 30 * MINUTE, 0.05),
        within('warning', Math.round((days * DAY) / 10 / HOUR) * HOUR, Math.round((days * DAY) / 120 / HOUR) * HOUR, 0.1),
      ]
    : [within('critical', HOUR, 5 * MINUTE, 0.2), within('major', 6 * HOUR, 30 * MINUTE, 0.5)];
  return usual.filter((warning) => warning.rate <= highestRate(target));
}

/** How fast a budget can burn at all: everything down, all the time. */
const highestRate = (target: number): number => Number((1 / (1 - target)).toPrecision(12));

/** What is wrong with each given warning: its place in the list, the key, and the complaint. */
export function judgeWarnings(
  warnings: readonly WarningYaml[],
  period: Period | undefined,
  target: number | undefined,
): { readonly index: number; readonly key: keyof WarningYaml; readonly complaint: Complaint }[] {
  const seen = new Set<string>();
  return warnings.flatMap((warning, index) => {
    const found: { index: number; key: keyof WarningYaml; complaint: Complaint }[] = [];
    const say = (key: keyof WarningYaml, complaint: Complaint) => found.push({ index, key, complaint });
    if (warning.short >= warning.long) say('short', SHORT_NOT_SHORTER);
    if (warning.short < MINUTE) say('short', WINDOW_TOO_SHORT);
    if (period !== undefined && warning.long > daysOf(period, DAYS) * DAY) say('long', WINDOW_TOO_LONG);
    if (target !== undefined && warning.rate > highestRate(target)) say('rate', unreachable(highestRate(target)));
    const same = [warning.severity, warning.long, warning.short].join(' ');
    if (seen.has(same)) say('severity', WARNING_TWICE);
    seen.add(same);
    return found;
  });
}

/** A given warning as it is stored. */
export const warningOf = ({ severity, long, short, rate }: WarningYaml): BurnWarning => ({ severity, longMs: long, shortMs: short, rate });

const SHORT_NOT_SHORTER: Complaint = {
  code: 'warning-windows',
  problem: text('the short window is not shorter than the long one', '短窗口不短于长窗口'),
  expected: text(
    'a short window of about a twelfth of the long one, such as long: 1h, short: 5m',
    '短窗口约为长窗口的十二分之一，如 long: 1h, short: 5m',
  ),
};
const WINDOW_TOO_SHORT: Complaint = {
  code: 'warning-windows',
  problem: text('the window is shorter than a minute', '窗口短于一分钟'),
  expected: text('1m or more: states are said a few rounds after they began', '不短于 1m：状态在发生数轮之后才判定'),
};
const WINDOW_TOO_LONG: Complaint = {
  code: 'warning-windows',
  problem: text('the long window is longer than the period', '长窗口长于统计周期'),
  expected: text('a window within the period of the objective', '不超过目标的统计周期'),
};
const unreachable = (highest: number): Complaint => ({
  severity: 'warning',
  code: 'warning-unreachable',
  problem: text(
    'this rate is never reached: with everything down all the time the budget burns slower',
    '该速率无法达到：即使全部持续中断，消耗速率也更低',
  ),
  expected: text(`at most ${Number(highest.toPrecision(4))} for this target`, `该目标下不大于 ${Number(highest.toPrecision(4))}`),
});
const WARNING_TWICE: Complaint = {
  code: 'warning-twice',
  problem: text('this warning is given twice', '该预警重复'),
  expected: text('each severity once for the same windows', '同一窗口下每种级别只出现一次'),
};
