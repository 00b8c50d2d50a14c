import { describe, expect, it } from 'vitest';
import type { Line } from './chart-option.ts';
import { csvOf, rowsOf } from './rows.ts';

const LINES: Line[] = [
  {
    name: 'in',
    colour: 'first',
    stroke: 'solid',
    points: [
      [0, 1, 2, 3],
      [1000, null, null, null],
      [2000, 4, 5, 6],
    ],
  },
  { name: '=out "x"', colour: 'second', stroke: 'dashed', points: [[2000, 7, 8, 9]] },
];

describe('rows', () => {
  it('stand by time, the newest first, without gaps', () =>
    expect(rowsOf(LINES)).toEqual([
      {
        at: 2000,
        values: [
          [4, 5, 6],
          [7, 8, 9],
        ],
      },
      {
        at: 0,
        values: [
          [1, 2, 3],
          [null, null, null],
        ],
      },
    ]));
  it('become a file that no spreadsheet takes for formulas', () =>
    expect(csvOf(LINES, { time: 'time', of: (name) => [name] }).split('\r\n')).toEqual([
      `"time","in","'=out ""x"""`,
      '1970-01-01T00:00:00.000Z,1,2,3,,,',
      '1970-01-01T00:00:02.000Z,4,5,6,7,8,9',
      '',
    ]));
});
