import type { ObjectiveReport } from '../../model/model.ts';
import { type Language, percent } from '../../wording/index.ts';
import { COLOURS } from '../colours.ts';
import { availabilityAxis } from './axis.ts';
import { axisNote, BASE, CATEGORY_AXIS, valueAxis } from './base.ts';
import { type Chart, WIDTH } from './chart.ts';
import { errorBars } from './error-bars.ts';
import { measured } from './measured.ts';
import { CHART_WORDS } from './words.ts';

/** All objectives beside each other: the figure with its bounds as a point, its target as a tick. Null without objectives. */
export function overviewChart(objectives: readonly ObjectiveReport[], language: Language): Chart | null {
  if (objectives.length === 0) return null;
  const items = objectives.map(({ figure }) => measured(figure));
  const targets = objectives.map(({ target }) => target * 100);
  const axis = availabilityAxis(items, Math.min(...targets));
  const values = objectives.map(({ figure, target }) =>
    figure.availability === null ? CHART_WORDS.noData[language] : percent(figure.availability, target),
  );
  return {
    width: WIDTH,
    height: 96 + 44 * objectives.length,
    alt: objectives.map(({ name }, index) => `${name[language]} ${values[index]}`).join(', '),
    note: axisNote(axis, language)?.replace('纵轴', '横轴') ?? null,
    option: {
      ...BASE,
      legend: {
        top: 2,
        right: 20,
        itemWidth: 14,
        data: [CHART_WORDS.availability[language], CHART_WORDS.target[language]],
        textStyle: { fontFamily: BASE.textStyle.fontFamily, fontSize: 11 },
      },
      grid: { left: language === 'zh' ? 152 : 182, right: 80, top: 30, bottom: 48 },
      yAxis: [
        {
          ...CATEGORY_AXIS,
          inverse: true,
          data: objectives.map(({ name }) => name[language]),
          axisLabel: { ...CATEGORY_AXIS.axisLabel, width: language === 'zh' ? 142 : 172, overflow: 'break' },
        },
        { ...CATEGORY_AXIS, inverse: true, data: values, position: 'right', axisLine: { show: false } },
      ],
      xAxis: { ...valueAxis(axis, CHART_WORDS.availability[language]), nameLocation: 'middle', nameGap: 28 },
      series: [
        {
          type: 'scatter',
          name: CHART_WORDS.availability[language],
          symbol: 'circle',
          symbolSize: 11,
          itemStyle: { color: COLOURS.head, opacity: 1 },
          z: 6,
          data: items.map(({ value }, place) => [value, place]),
        },
        {
          type: 'scatter',
          name: CHART_WORDS.target[language],
          symbol: 'rect',
          symbolSize: [3, 24],
          itemStyle: { color: COLOURS.target, opacity: 1 },
          data: targets.map((target, place) => [target, place]),
        },
        errorBars(items, axis, 'across', CHART_WORDS.bounds[language]),
      ],
    },
  };
}
