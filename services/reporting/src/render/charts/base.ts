import type { Language } from '../../wording/index.ts';
import { COLOURS } from '../colours.ts';
import { SANS } from '../fonts/faces.ts';
import type { Axis } from './axis.ts';
import { CHART_WORDS } from './words.ts';

/** What every chart has: the face, ink on white, nothing that moves. */
export const BASE = {
  animation: false,
  backgroundColor: '#ffffff',
  textStyle: { fontFamily: SANS, fontSize: 12, color: COLOURS.ink },
} as const;

/** Lines and labels of a category axis. */
export const CATEGORY_AXIS = {
  type: 'category',
  axisLine: { show: true, lineStyle: { color: COLOURS.quiet } },
  axisTick: { show: false },
  axisLabel: { color: COLOURS.ink, fontFamily: SANS, fontSize: 12 },
} as const;

/** A value axis of percentages with its name. */
export function valueAxis(axis: Axis, name: string) {
  return {
    type: 'value',
    min: axis.min,
    max: axis.max,
    interval: axis.interval,
    name,
    nameTextStyle: { color: COLOURS.quiet, fontFamily: SANS, fontSize: 11 },
    axisLine: { show: true, lineStyle: { color: COLOURS.quiet } },
    axisLabel: { color: COLOURS.ink, fontFamily: SANS, fontSize: 11, formatter: (value: number) => `${value.toFixed(axis.digits)}%` },
    splitLine: { lineStyle: { color: '#e3e6ea' } },
  } as const;
}

/** The target as a dashed line across the plot. */
export function targetLine(target: number, along: 'xAxis' | 'yAxis', label: string) {
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    lineStyle: { color: COLOURS.target, type: 'dashed', width: 1.5 },
    label: {
      show: true,
      formatter: label,
      // Beyond the plot: at the right, or at the top (the categories run down, so a line across them starts there).
      position: along === 'yAxis' ? 'end' : 'start',
      color: COLOURS.target,
      fontFamily: SANS,
      fontSize: 11,
      lineHeight: 14,
    },
    data: [along === 'yAxis' ? { yAxis: target } : { xAxis: target }],
  } as const;
}

/** What the reader is told of an axis that does not begin at 0, or that a bound lies beyond. Null: nothing needs saying. */
export function axisNote(axis: Axis, language: Language): string | null {
  const said = [
    axis.min > 0 ? CHART_WORDS.begins[language].replace('{from}', `${axis.min.toFixed(axis.digits)}%`) : null,
    axis.isCut ? CHART_WORDS.cut[language] : null,
  ].filter((sentence) => sentence !== null);
  return said.length > 0 ? said.join(language === 'zh' ? '' : ' ') : null;
}
