import type { DivisionRow, ObjectiveReport } from '../../model/model.ts';
import { type Language, percent } from '../../wording/index.ts';
import { COLOURS, VERDICTS } from '../colours.ts';
import { textRoom } from '../content/layout.ts';
import { unavailabilityAxis } from './axis.ts';
import { axisNote, BASE, CATEGORY_AXIS, targetLine, valueAxis } from './base.ts';
import { type Chart, WIDTH } from './chart.ts';
import { errorBars } from './error-bars.ts';
import { missing } from './measured.ts';
import { CHART_WORDS } from './words.ts';

const ROW = 17;
const MARGINS = 90;
/** More would not fit a page; the table has them all. */
const MOST = 40;

/** Provinces from the lowest availability up; those that nobody observed at the end. The order of their ids decides between like ones. */
export function worstFirst(rows: readonly DivisionRow[]): DivisionRow[] {
  const value = (row: DivisionRow) => row.figure.availability ?? Number.POSITIVE_INFINITY;
  return [...rows].sort((a, b) => (value(a) === value(b) ? 0 : value(a) - value(b)));
}

/**
 * The provinces of an objective as bars of what is missing of 100%: from 0, so that a bar twice as long is twice the downtime. The
 * availability itself stands at the right.
 */
export function divisionsChart(objective: ObjectiveReport, language: Language): Chart {
  const rows = worstFirst(objective.divisions).slice(0, MOST);
  const items = rows.map((row) => missing(row.figure));
  const isPart = rows.length < objective.divisions.length;
  const target = (1 - objective.target) * 100;
  const axis = unavailabilityAxis(items, target);
  const names = { ...CATEGORY_AXIS, inverse: true, axisLabel: { ...CATEGORY_AXIS.axisLabel, fontSize: 11 } };
  const room = Math.min(230, 14 + Math.max(...rows.map((row) => textRoom(row.division.name[language]))) * 11.5);
  const printed = rows.map(({ figure }) =>
    figure.availability === null ? CHART_WORDS.noData[language] : percent(figure.availability, objective.target),
  );
  return {
    width: WIDTH,
    height: MARGINS + ROW * Math.max(rows.length, 3),
    alt: `${objective.name[language]}: ${rows.map((row, index) => `${row.division.name[language]} ${printed[index]}`).join(', ')}`,
    note: [CHART_WORDS.bars[language], axisNote(axis, language), isPart ? CHART_WORDS.part[language] : null]
      .filter((said) => said !== null)
      .join(language === 'zh' ? '' : ' '),
    option: {
      ...BASE,
      grid: { left: room, right: 70, top: 30, bottom: 50 },
      yAxis: [
        {
          ...names,
          data: rows.map((row) => row.division.name[language]),
          axisLabel: { ...names.axisLabel, width: room - 10, overflow: 'break', lineHeight: 11, interval: 0 },
        },
        { ...names, data: printed, position: 'right', axisLine: { show: false }, axisLabel: { ...names.axisLabel, interval: 0 } },
      ],
      xAxis: { ...valueAxis(axis, CHART_WORDS.unavailability[language]), nameLocation: 'middle', nameGap: 28 },
      series: [
        {
          type: 'bar',
          barWidth: 9,
          data: rows.map(({ figure }, index) => bar(items[index]?.value ?? null, figure.verdict)),
          markLine: targetLine(target, 'xAxis', `${CHART_WORDS.target[language]} ${percent(objective.target)}`),
        },
        errorBars(items, axis, 'across', CHART_WORDS.bounds[language]),
      ],
    },
  };
}

function bar(value: number | null, verdict: DivisionRow['figure']['verdict']) {
  return { value, itemStyle: { color: VERDICTS[verdict].bar, borderColor: COLOURS.quiet, borderWidth: 0.8 } };
}
