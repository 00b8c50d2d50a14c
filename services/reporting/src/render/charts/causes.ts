import type { CauseRow, ObjectiveReport } from '../../model/model.ts';
import { duration, type Language } from '../../wording/index.ts';
import { COLOURS } from '../colours.ts';
import { BASE, CATEGORY_AXIS, valueAxis } from './base.ts';
import { type Chart, WIDTH } from './chart.ts';
import { CHART_WORDS } from './words.ts';

const ROW = 26;
const MARGINS = 66;
const MOST = 12;

/** Downtime by cause, as shares of the whole, the largest first. Null where there was none. */
export function causesChart(objective: ObjectiveReport, language: Language): Chart | null {
  const rows = objective.causes.filter((row) => row.downMs > 0).slice(0, MOST);
  if (rows.length === 0) return null;
  const labels = rows.map((row) => `${(row.share * 100).toFixed(1)}%  ${duration(row.downMs, language)}`);
  const largest = Math.max(...rows.map((row) => row.share)) * 100;
  const interval = largest > 50 ? 20 : largest > 20 ? 10 : 5;
  const most = Math.min(100, Math.ceil(largest / interval) * interval);
  return {
    width: WIDTH,
    height: MARGINS + ROW * rows.length,
    alt: rows.map((row, index) => `${causeName(row, language)} ${labels[index]}`).join(', '),
    note: null,
    option: {
      ...BASE,
      grid: { left: 132, right: 130, top: 10, bottom: 50 },
      yAxis: {
        ...CATEGORY_AXIS,
        inverse: true,
        data: rows.map((row) => causeName(row, language)),
        axisLabel: { ...CATEGORY_AXIS.axisLabel, width: 122, overflow: 'break', interval: 0 },
      },
      xAxis: {
        ...valueAxis({ min: 0, max: most, interval, digits: 0, isCut: false }, CHART_WORDS.share[language]),
        nameLocation: 'middle',
        nameGap: 28,
      },
      series: [
        {
          type: 'bar',
          barWidth: 14,
          itemStyle: { color: COLOURS.figure },
          data: rows.map((row) => row.share * 100),
          label: {
            show: true,
            position: 'right',
            formatter: ({ dataIndex }: { dataIndex: number }) => labels[dataIndex] ?? '',
            fontSize: 11,
            color: COLOURS.ink,
          },
        },
      ],
    },
  };
}

/** What caused it, or that nobody said. */
function causeName(row: CauseRow, language: Language): string {
  return row.cause?.name[language] ?? CHART_WORDS.noCause[language];
}
