import type { Resolution } from '@beacontower/contracts';
import type { WarningPart } from './warning-part.ts';
import { durationText, type Language, SEVERITY_NAMES, timeText } from './wording.ts';

const WORDS = {
  zh: { target: '目标值', rate: '消耗速度', budget: '误差预算', left: '剩余预算', period: '统计周期', exhausted: '预计耗尽' },
  en: { target: 'Target', rate: 'Burn rate', budget: 'Error budget', left: 'Budget left', period: 'Period', exhausted: 'Runs out' },
} as const;

const ENDINGS: Record<Resolution, Record<Language, string>> = {
  recovered: { zh: '误差预算的消耗速度已回落。', en: 'The error budget no longer burns too fast.' },
  retired: { zh: '该目标已从配置中删除，预警就此结束。', en: 'The objective is no longer in the inventory; the warning ends here.' },
  unwatched: { zh: '该目标已不再设预警，预警就此结束。', en: 'The objective no longer has warnings; this one ends here.' },
  'by-hand': { zh: '由值班人员结束。', en: 'Ended by an operator.' },
};

/** The sentence under the title: what burns, how fast, and until when it lasts. */
export function warningSummary(warning: WarningPart, resolution: Resolution | null, language: Language, timeZone: string): string {
  if (resolution !== null) return ENDINGS[resolution][language];
  const worst = warning.firing[0];
  if (worst === undefined) return '';
  const [long, rate] = [durationText(worst.longMs, language), number(worst.longRate)];
  const until = untilText(warning, language, timeZone);
  if (language === 'zh') return `最近 ${long}内，误差预算的消耗速度为允许值的 ${rate} 倍${until === '' ? '' : `；${until}`}。`;
  return `Over the last ${long} the error budget burned ${rate} times as fast as it may${until === '' ? '' : `; ${until}`}.`;
}

/** The lines of an early warning, after those that say what and where it is. */
export function warningRows(warning: WarningPart, language: Language, timeZone: string): (readonly [string, string])[] {
  const words = WORDS[language];
  const at = (iso: string) => timeText(iso, timeZone);
  const until = untilText(warning, language, timeZone);
  return [
    [words.target, percent(warning.target)],
    ...warning.firing.map((rule) => [words.rate, rateText(rule, language)] as const),
    [words.budget, durationText(Math.max(0, warning.budgetMs), language)],
    [words.left, leftText(warning, language)],
    ...(until === '' ? [] : [[words.exhausted, until] as const]),
    [words.period, `${at(warning.periodFrom)} – ${at(warning.periodTo)}`],
  ];
}

function rateText({ severity, limit, longMs, longRate, shortMs, shortRate }: WarningPart['firing'][number], language: Language): string {
  const [long, short] = [durationText(longMs, language), durationText(shortMs, language)];
  const name = SEVERITY_NAMES[severity][language];
  if (language === 'zh') return `${long}内 ${number(longRate)} 倍，${short}内 ${number(shortRate)} 倍（${name}限值 ${number(limit)} 倍）`;
  return `${number(longRate)} times over ${long}, ${number(shortRate)} times over ${short} (limit for ${name}: ${number(limit)})`;
}

function leftText({ leftMs, leftFraction }: WarningPart, language: Language): string {
  const share = leftFraction === null ? '' : language === 'zh' ? `（${percent(leftFraction)}）` : ` (${percent(leftFraction)})`;
  if (leftMs >= 0) return `${durationText(leftMs, language)}${share}`;
  const over = durationText(-leftMs, language);
  return language === 'zh' ? `已超支 ${over}${share}` : `overdrawn by ${over}${share}`;
}

/** Empty when nothing can be said, or when it lasts. */
function untilText({ forecast, exhaustedAt }: WarningPart, language: Language, timeZone: string): string {
  if (forecast === 'exhausted') return language === 'zh' ? '预算已用尽' : 'the budget is used up';
  if (forecast === 'lasts') return language === 'zh' ? '照此速度本周期内不会耗尽' : 'at this rate it lasts until the period ends';
  if (exhaustedAt === null) return '';
  const at = timeText(exhaustedAt, timeZone);
  return language === 'zh' ? `照此速度将于 ${at} 耗尽` : `at this rate it is used up at ${at}`;
}

/** Three significant digits, and no more than that. */
const number = (value: number): string => String(Number(value.toPrecision(3)));

/** Up to four decimals: a target of 99.97% must not become 100%. */
const percent = (fraction: number): string => `${Number((fraction * 100).toFixed(4))}%`;
