import type { EChartsCoreOption } from 'echarts/core';
import type { Palette } from './palette.ts';
import type { Point } from './points.ts';
import { scaleFor } from './scale.ts';
import { tickText } from './ticks.ts';

/** One line of a chart. */
export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  readonly colour: 'first' | 'second' | 'loss';
  /** How a stroke is told from the others without its colour. */
  readonly stroke: 'solid' | 'dashed' | 'dotted';
  /** The ground from least to most of each point. */
  readonly band?: boolean;
  readonly bars?: boolean;
}

/** A level drawn across: a percentile, a capacity. */
export interface Level {
  readonly name: string;
  readonly value: number;
  readonly stroke: 'dashed' | 'dotted';
  readonly colour: Line['colour'] | 'limit';
}

export interface ChartContent {
  readonly lines: readonly Line[];
  readonly levels?: readonly Level[];
  readonly from: number;
  readonly to: number;
  readonly format: (value: number) => string;
  /** Moments written along the axis (`timeTicks`), and how a moment is written in the node's zone. */
  readonly ticks: readonly number[];
  readonly time: (at: number, parts: 'full' | 'minute' | 'clock' | 'date') => string;
  /** The axis reaches at least so far, that noise about zero does not look like a mountain. */
  readonly least?: number;
  readonly words: { readonly range: (min: string, max: string) => string };
}

/** What ECharts is to draw. Pure; times along the axis are of the node's zone, whatever the browser's is. */
export function chartOption(content: ChartContent, palette: Palette): EChartsCoreOption {
  const { from, to, format, time, ticks } = content;
  const scale = scaleFor(highestOf(content));
  const text = { color: palette.soft, fontFamily: palette.font, fontSize: 12 };
  return {
    animation: false,
    aria: { enabled: false },
    textStyle: { fontFamily: palette.font },
    grid: { left: 8, right: 16, top: 14, bottom: 4, containLabel: true },
    xAxis: {
      type: 'time',
      min: from,
      max: to,
      axisLine: { lineStyle: { color: palette.limit } },
      axisTick: { customValues: ticks },
      axisLabel: { ...text, hideOverlap: true, customValues: ticks, formatter: (at: number) => tickText(at, to - from, time) },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: scale.max,
      interval: scale.step,
      axisLabel: { ...text, formatter: format },
      splitLine: { lineStyle: { color: palette.line } },
    },
    tooltip: tooltip(content, palette),
    series: [
      ...content.lines.filter(({ band }) => band).flatMap((line, place) => bandOf(line, place, palette)),
      ...content.lines.map((line, place) => lineOf(line, place === 0 ? (content.levels ?? []) : [], content, palette)),
    ],
  };
}

function highestOf({ lines, levels = [], least = 0 }: ChartContent): number {
  let highest = least;
  for (const { points, band } of lines) for (const [, , avg, max] of points) highest = Math.max(highest, (band ? max : avg) ?? 0);
  return levels.reduce((most, { value }) => Math.max(most, value), highest);
}

// The least as an unseen line, the rest of the way to the most as a ground upon it.
function bandOf({ points, colour }: Line, place: number, palette: Palette): object[] {
  const common = { type: 'line', stack: `band${place}`, symbol: 'none', silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
  return [
    { ...common, data: points.map(([at, min]) => [at, min]) },
    {
      ...common,
      areaStyle: { color: palette[colour], opacity: 0.22 },
      data: points.map(([at, min, , max]) => [at, min === null || max === null ? null : max - min]),
    },
  ];
}

function lineOf(line: Line, levels: readonly Level[], { format }: ChartContent, palette: Palette): object {
  // Of nothing no bar is drawn, of little a bar that can be seen.
  const data = line.points.map(([at, , avg]) => [at, line.bars && avg === 0 ? null : avg]);
  const marks = levels.map((level) => ({
    yAxis: level.value,
    name: level.name,
    lineStyle: { type: level.stroke, color: palette[level.colour], width: 1.5 },
    label: {
      formatter: `${level.name} ${format(level.value)}`,
      position: 'insideEndTop',
      color: palette.text,
      fontFamily: palette.font,
      fontSize: 12,
      textBorderWidth: 0,
    },
  }));
  const markLine = marks.length === 0 ? {} : { markLine: { symbol: 'none', silent: true, animation: false, data: marks } };
  if (line.bars)
    return {
      type: 'bar',
      name: line.name,
      data,
      itemStyle: { color: palette[line.colour] },
      barMinHeight: 2,
      barMaxWidth: 12,
      ...markLine,
    };
  return {
    type: 'line',
    name: line.name,
    data,
    // A single sample among gaps would be a line of no length: it is drawn as a point.
    showSymbol: line.points.length < 3,
    symbolSize: 5,
    connectNulls: false,
    sampling: 'lttb',
    lineStyle: { color: palette[line.colour], width: 1.75, type: line.stroke },
    itemStyle: { color: palette[line.colour] },
    ...markLine,
  };
}

// Drawn on the canvas: words in HTML would carry styles of their own, which the policy of the page forbids.
function tooltip({ lines, format, time, words }: ChartContent, palette: Palette): object {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    backgroundColor: palette.raised,
    borderColor: palette.limit,
    textStyle: { color: palette.text, fontFamily: palette.font, fontSize: 13, textBorderWidth: 0 },
    axisPointer: { type: 'line', lineStyle: { color: palette.limit } },
    formatter: (items: readonly { axisValue: number }[]) => {
      const at = items[0]?.axisValue;
      if (at === undefined) return '';
      const rows = lines.flatMap(({ name, points, band }) => {
        const [, min, avg, max] = points.find(([point]) => point === at) ?? [];
        if (avg === undefined || avg === null) return [];
        const range =
          band && min !== null && min !== undefined && max !== null && max !== undefined ? words.range(format(min), format(max)) : '';
        return [`${name}  ${format(avg)}${range}`];
      });
      return [time(at, 'full'), ...rows].join('\n');
    },
  };
}
