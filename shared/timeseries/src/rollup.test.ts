import type { SeriesMetric } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { icmpSeries, interfaceSeries, START } from './contract.fixture.ts';
import { formulaOf, ROLLED_FIELDS, samplesOf } from './formulas.ts';
import { Points } from './points.ts';
import { HOUR, MINUTE } from './resolution.ts';
import { Rollups } from './rollup.ts';
import { type Columns, columnsOfIcmp, columnsOfInterfaces, LAYOUT, NO_REPLY, packRows, takeRows, unpackRows } from './rows.ts';

const lots = {
  interfaces: columnsOfInterfaces(interfaceSeries(7, START, 240, (row) => (row % 17 === 3 ? Number.NaN : 1_000 * row))),
  icmp: columnsOfIcmp(icmpSeries(8, START, 240)),
};

describe('roll-ups', () => {
  it.each<SeriesMetric>(['traffic.in', 'packets.out', 'errors.in', 'utilisation.out', 'rtt', 'loss', 'jitter'])(
    'of %s say what the raw rows do',
    (metric) => {
      const samples = samplesOf(metric);
      const rollups = new Rollups(samples, 5 * MINUTE);
      rollups.add(lots[samples]);
      const rows = [...rollups.rows()];
      expect(rows).toHaveLength(48);
      const points = new Points(HOUR);
      const formula = formulaOf(metric, true);
      const columns = formula.fields.map((field) => {
        const index = (ROLLED_FIELDS[samples] as readonly string[]).indexOf(field);
        return rows.map(({ values }) => values[index] ?? Number.NaN);
      });
      points.add(
        formula,
        rows.map(({ at }) => at),
        columns,
      );
      const raw = rawPoints(metric, lots[samples]);
      for (const [index, point] of points.list().entries()) {
        for (const [column, value] of point.entries()) expect(value).toBeCloseTo(raw[index]?.[column] ?? Number.NaN, 6);
      }
    },
  );
});

describe('rows', () => {
  it('are packed, unpacked and taken without loss', () => {
    for (const rows of Object.values(lots)) {
      expect(unpackRows(packRows(rows))).toEqual(rows);
      const [even, odd] = [0, 1].map((rest) =>
        takeRows(
          rows,
          [...Array(rows.count).keys()].filter((i) => i % 2 === rest),
        ),
      );
      if (even === undefined || odd === undefined) throw new Error('nothing taken');
      for (const [position, column] of rows.columns.entries()) {
        expect([...(even.columns[position] ?? [])]).toEqual([...column].filter((_, i) => i % 2 === 0));
        expect(odd.columns[position]?.[0]).toBe(column[1]);
      }
    }
  });

  it('with a column too short are refused', () => {
    const [check = new Uint32Array(), ...rest] = lots.icmp.columns;
    expect(() => packRows({ ...lots.icmp, columns: [check.subarray(1), ...rest] })).toThrow('the column check is too short');
  });
});

function rawPoints(metric: SeriesMetric, rows: Columns) {
  const points = new Points(HOUR);
  const formula = formulaOf(metric, false);
  const columns = formula.fields.map((field) => {
    const index = LAYOUT[rows.samples].findIndex(({ name }) => name === field);
    return [...(rows.columns[index] ?? [])].map((value) => (rows.samples === 'icmp' && value === NO_REPLY ? Number.NaN : value));
  });
  points.add(formula, rows.columns[1] ?? [], columns);
  return points.list();
}
