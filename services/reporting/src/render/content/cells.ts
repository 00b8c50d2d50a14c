import type { Verdict } from '@beacontower/domain';
import { count, duration, type Language, percent, points, timeIn, verdictWords } from '../../wording/index.ts';
import { VERDICTS } from '../colours.ts';
import type { Cell } from './content.ts';
import { WORDS } from './words.ts';

/** A text, in a cell. */
export function text(value: string | null | undefined): Cell {
  return { kind: 'text', text: value ?? '—' };
}

/** A fraction, in a cell. `unlike`: another one, that it must not look the same as when it differs. */
export function fraction(value: number | null, target: number | null = null, unlike: number | null = null): Cell {
  return { kind: 'percent', value, target, unlike };
}

/** The lowest and the highest a figure can be, in a cell. */
export function bounds(figure: { readonly lowest: number | null; readonly highest: number | null }, target: number | null = null): Cell {
  return { kind: 'bounds', lowest: figure.lowest, highest: figure.highest, target };
}

/** A difference of fractions, in a cell. */
export function difference(value: number | null): Cell {
  return { kind: 'points', value };
}

/** A duration, in a cell. */
export function span(ms: number | null): Cell {
  return { kind: 'duration', ms };
}

/** A number of things, in a cell. */
export function number(value: number | null): Cell {
  return { kind: 'count', value };
}

/** A moment, in a cell. */
export function time(at: number | null, timeZone: string): Cell {
  return { kind: 'time', at, timeZone };
}

/** A verdict, in a cell. Null: there is nothing to judge. */
export function verdict(value: Verdict | null): Cell {
  return { kind: 'verdict', verdict: value };
}

/** A verdict with its mark: `✓ 达标`. */
export function verdictText(value: Verdict, language: Language): string {
  return `${VERDICTS[value].mark} ${verdictWords(value)[language]}`;
}

/** The bounds of a figure: `99.89% – 99.92%`. */
export function boundsText(lowest: number | null, highest: number | null, target: number | null, language: Language): string {
  if (lowest === null || highest === null) return WORDS.noData[language];
  return `${percent(lowest, target)} – ${percent(highest, target)}`;
}

/** A cell as documents print it. Its column says the unit of `points`. */
export function printCell(cell: Cell, language: Language): string {
  switch (cell.kind) {
    case 'text':
      return cell.text;
    case 'percent':
      return cell.value === null ? WORDS.noData[language] : percent(cell.value, cell.target, cell.unlike ?? null);
    case 'bounds':
      return boundsText(cell.lowest, cell.highest, cell.target, language);
    case 'points':
      return points(cell.value, 'en').replace(' pp', '');
    case 'duration':
      return cell.ms === null ? '—' : duration(cell.ms, language);
    case 'count':
      return cell.value === null ? '—' : count(cell.value);
    case 'time':
      return cell.at === null ? '—' : timeIn(cell.at, cell.timeZone);
    case 'verdict':
      return cell.verdict === null ? '—' : verdictText(cell.verdict, language);
  }
}

/** Numbers stand at the right, texts at the left. */
export function alignment(kind: Cell['kind']): 'left' | 'right' | 'center' {
  if (kind === 'text' || kind === 'verdict') return 'left';
  return kind === 'time' || kind === 'bounds' ? 'center' : 'right';
}
