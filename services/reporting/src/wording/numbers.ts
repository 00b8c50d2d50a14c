import type { Bilingual } from '../model/model.ts';

/** The languages of reports. */
export type Language = keyof Bilingual;

const FEWEST_DIGITS = 2;
const MOST_DIGITS = 4;
/** Less than this is the noise of adding up fractions, and no difference (a millisecond of 10,000 objects in a year is 3e-15, a double's step 1e-16). */
const NOISE = 1e-13;

/**
 * A fraction in percent, as printed: rounded to two digits, to three or four where two would say what is not so, and cut off at
 * four digits where even these would. What is not so: 100% that is not quite 100%, 0% that is not quite 0%, and a figure on the
 * other side of its target (99.9699% against 99.97% is not printed as 99.97%). Null: nothing was observed, printed as a dash.
 * `unlike` is a figure that stands beside it: where both differ, as many digits (to four) as it takes to see that.
 */
export function percent(fraction: number | null, target: number | null = null, unlike: number | null = null): string {
  if (fraction === null) return '—';
  for (let digits = FEWEST_DIGITS; digits <= MOST_DIGITS; digits++) {
    const text = (fraction * 100).toFixed(digits);
    const isAlike = unlike !== null && Math.abs(unlike - fraction) > NOISE && text === (unlike * 100).toFixed(digits);
    if (isTrue(Number(text) / 100, fraction, target) && !isAlike) return `${text}%`;
  }
  const step = 10 ** MOST_DIGITS;
  const down = Math.floor(fraction * 100 * step) / step;
  const cut = isTrue(down / 100, fraction, target) ? down : Math.ceil(fraction * 100 * step) / step;
  return `${cut.toFixed(MOST_DIGITS)}%`;
}

function isTrue(printed: number, fraction: number, target: number | null): boolean {
  for (const line of target === null ? [0, 1] : [0, 1, target]) {
    const side = Math.abs(fraction - line) < NOISE ? 0 : Math.sign(fraction - line);
    const printedSide = Math.abs(printed - line) < NOISE ? 0 : Math.sign(printed - line);
    // On the line is as good as above it for a target, and below it for 1; only the other side is a lie.
    if (line === target ? side >= 0 !== printedSide >= 0 : side !== printedSide) return false;
  }
  return true;
}

/** A difference of two fractions in percentage points, signed: `+0.02`, `-0.13`, `0.00`; more digits (to four) where two would hide it. */
export function points(difference: number | null, language: Language): string {
  if (difference === null) return '—';
  const unit = language === 'zh' ? '个百分点' : ' pp';
  const value = difference * 100;
  for (let digits = FEWEST_DIGITS; digits < MOST_DIGITS; digits++) {
    if (Math.abs(value) < NOISE || Number(value.toFixed(digits)) !== 0) return signed(value, digits) + unit;
  }
  return signed(value, MOST_DIGITS) + unit;
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  if (Number(text) === 0) return text.replace('-', '');
  return value > 0 ? `+${text}` : text;
}

const UNITS: readonly { readonly ms: number; readonly zh: string; readonly en: string }[] = [
  { ms: 86_400_000, zh: '天', en: 'd' },
  { ms: 3_600_000, zh: '小时', en: 'h' },
  { ms: 60_000, zh: '分', en: 'min' },
  { ms: 1000, zh: '秒', en: 's' },
];

/** A duration by its two largest units, rounded to the smaller: `1小时18分`, `1 h 18 min`, `12 s`; below a second in ms. */
export function duration(ms: number, language: Language): string {
  if (ms < 0) return `-${duration(-ms, language)}`;
  if (ms < 1000) return language === 'zh' ? `${Math.round(ms)}毫秒` : `${Math.round(ms)} ms`;
  let index = UNITS.findIndex((unit) => ms >= unit.ms);
  const smaller = UNITS[Math.min(index + 1, UNITS.length - 1)]?.ms ?? 1000;
  const rounded = Math.round(ms / smaller) * smaller;
  index = UNITS.findIndex((unit) => rounded >= unit.ms);
  const parts: string[] = [];
  let rest = rounded;
  for (const unit of UNITS.slice(index, index + 2)) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0 || parts.length === 0) parts.push(language === 'zh' ? `${count}${unit.zh}` : `${count} ${unit.en}`);
  }
  return parts.join(language === 'zh' ? '' : ' ');
}

/** A number of things, with its thousands apart: `2,734`. */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}
