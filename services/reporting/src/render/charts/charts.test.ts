import { describe, expect, test } from 'vitest';
import { sampleReport } from '../../model/model.fixture.ts';
import type { ObjectiveReport } from '../../model/model.ts';
import { causesChart } from './causes.ts';
import { divisionsChart, worstFirst } from './divisions.ts';
import { drawPng, drawSvg } from './draw.ts';
import { overviewChart } from './overview.ts';
import { seriesChart } from './series.ts';

function sample(): ObjectiveReport {
  const [objective] = sampleReport().objectives;
  if (!objective) throw new Error('the sample has objectives');
  return objective;
}

describe('options', () => {
  test('a month that nobody observed is a gap with words, not a 0 and not a 100', () => {
    const objective = sample();
    const series = objective.series.map((point, index) =>
      index === 2 ? { ...point, figure: { ...point.figure, availability: null } } : point,
    );
    const { option, alt } = seriesChart({ ...objective, series }, 'zh');
    expect(option).toMatchObject({ series: [{ data: expect.arrayContaining([null]), connectNulls: false }, { type: 'custom' }] });
    expect(JSON.stringify(option.xAxis)).toContain('2018-03\\n无数据');
    expect(alt).toContain('2018-03 无数据');
  });

  test('the axis of availability says that it does not begin at 0', () => {
    expect(seriesChart(sample(), 'zh').note).toBe('纵轴不从 0 起，自 99.84% 起。');
    expect(seriesChart(sample(), 'en').note).toBe('The axis does not begin at 0 but at 99.84%.');
  });

  test('bars of provinces stand on 0 and are in the order of the table: the lowest first, without data last', () => {
    const objective = sample();
    const { option, note } = divisionsChart(objective, 'en');
    expect(option).toMatchObject({
      xAxis: { min: 0 },
      yAxis: [{ data: worstFirst(objective.divisions).map((row) => row.division.name.en) }, {}],
    });
    expect(worstFirst(objective.divisions).at(-1)?.division.name.en).toBe('Tibet');
    expect(note).toContain('unavailability');
  });

  test('more provinces than fit a page are cut, and that is said', () => {
    const objective = sample();
    const divisions = [...objective.divisions, ...objective.divisions];
    expect(divisionsChart({ ...objective, divisions }, 'zh').note).toContain('40');
  });

  test('no downtime, no chart of causes; no objective, no overview', () => {
    expect(causesChart({ ...sample(), causes: [] }, 'zh')).toBeNull();
    expect(overviewChart([], 'zh')).toBeNull();
  });
});

test('a chart is drawn as SVG with its text as text, and as PNG', async () => {
  const chart = seriesChart(sample(), 'zh');
  const svg = await drawSvg(chart);
  expect(svg).toContain('<text');
  expect(svg).toContain('可用率');
  const png = await drawPng(chart, 1);
  expect([...png.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
});
