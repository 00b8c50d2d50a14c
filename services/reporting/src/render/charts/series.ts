import type { ObjectiveReport } from '../../model/model.ts';
import { type Language, percent } from '../../wording/index.ts';
import { COLOURS } from '../colours.ts';
import { availabilityAxis } from './axis.ts';
import { axisNote, BASE, CATEGORY_AXIS, targetLine, valueAxis } from './base.ts';
import { type Chart, WIDTH } from './chart.ts';
import { errorBars } from './error-bars.ts';
import { measured } from './measured.ts';
import { CHART_WORDS } from './words.ts';

/** An objective by month (or day): points with their bounds, and the target as a line. */
export function seriesChart(objective: ObjectiveReport, language: Language): Chart {
  const items = objective.series.map((point) => measured(point.figure));
  const target = objective.target * 100;
  const axis = availabilityAxis(items, target);
  const isMonthly = objective.series.every((point) => point.label.length === 7);
  const labels = objective.series.map(({ label, figure }) => {
    const name = isMonthly ? label : label.slice(5);
    return figure.availability === null ? `${name}\n${CHART_WORDS.noData[language]}` : name;
  });
  return {
    width: WIDTH,
    height: 184,
    alt: alt(objective, language),
    note: axisNote(axis, language),
    option: {
      ...BASE,
      grid: { left: 64, right: 84, top: 38, bottom: 34 },
      xAxis: { ...CATEGORY_AXIS, data: labels },
      yAxis: valueAxis(axis, CHART_WORDS.availability[language]),
      series: [
        {
          type: 'line',
          name: CHART_WORDS.availability[language],
          data: items.map(({ value }) => value),
          connectNulls: false,
          symbol: 'circle',
          symbolSize: isMonthly ? 8 : 5,
          itemStyle: { color: COLOURS.head },
          lineStyle: { color: COLOURS.figure, width: 1.5 },
          label: {
            show: isMonthly && items.length <= 12,
            position: 'top',
            distance: 9,
            formatter: ({ dataIndex }: { dataIndex: number }) => shown(objective, dataIndex),
            fontSize: 11,
            color: COLOURS.ink,
            backgroundColor: '#ffffff',
            padding: [1, 2],
          },
          z: 6,
          markLine: targetLine(target, 'yAxis', `${CHART_WORDS.target[language]}\n${percent(objective.target)}`),
        },
        errorBars(items, axis, 'up', CHART_WORDS.bounds[language]),
      ],
    },
  };
}

function shown(objective: ObjectiveReport, index: number): string {
  return percent(objective.series[index]?.figure.availability ?? null, objective.target);
}

function alt(objective: ObjectiveReport, language: Language): string {
  const points = objective.series.map(
    ({ label, figure }) =>
      `${label} ${figure.availability === null ? CHART_WORDS.noData[language] : percent(figure.availability, objective.target)}`,
  );
  return `${objective.name[language]}: ${points.join(', ')}; ${CHART_WORDS.target[language]} ${percent(objective.target)}`;
}
