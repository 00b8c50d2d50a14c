import { describe, expect, it } from 'vitest';
import { DEFAULT_LAYOUT, planLab } from './plan.ts';
import { downtime, type LabEvent, trueOutages } from './truth.ts';

const objects = new Map(planLab(DEFAULT_LAYOUT).objects.map((object) => [object.id, object]));

function get(id: string) {
  const object = objects.get(id);
  if (object === undefined) throw new Error(id);
  return object;
}

function event(at: number, action: 'cut' | 'restore', link: string, family: 4 | 6 = 4): LabEvent {
  return { link, family, action, moment: { before: at, after: at + 3 } };
}

const events = [
  event(1000, 'cut', 'p1/uplink-a'),
  event(2000, 'cut', 'p1/line-01'),
  event(3000, 'cut', 'p1/uplink-b'),
  event(4000, 'restore', 'p1/line-01'),
  event(5000, 'restore', 'p1/uplink-a'),
  event(6000, 'cut', 'p1/line-01', 6),
  event(7000, 'cut', 'p1/line-02'),
];

describe('trueOutages', () => {
  it.each([
    ['p1-uplink-a', 4, [[1000, 5000]]],
    ['p1-uplink-b', 4, [[3000, null]]],
    ['p1', 4, [[3000, 5000]]],
    ['p1-line-01', 4, [[2000, 5000]]],
    ['p1-line-01', 6, [[6000, null]]],
    [
      'p1-line-02',
      4,
      [
        [3000, 5000],
        [7000, null],
      ],
    ],
    ['p2', 4, []],
    ['core', 4, []],
  ] as const)('%s over IPv%i', (id, family, expected) => {
    const outages = trueOutages(get(id), [family], events);
    expect(outages.map(({ start, end }) => [start.before, end?.before ?? null])).toEqual(expected);
  });
});

it('is out over any family only while both are', () => {
  const both = [event(1000, 'cut', 'p1/line-01', 6), event(2000, 'cut', 'p1/line-01'), event(3000, 'restore', 'p1/line-01', 6)];
  expect(trueOutages(get('p1-line-01'), [4, 6], both)).toEqual([{ start: both[1]?.moment, end: both[2]?.moment }]);
});

describe('downtime', () => {
  const outages = trueOutages(get('p1-line-02'), [4], events);

  it('is clipped to the period and bounded by the moments of the changes', () => {
    expect(downtime(outages, 0, 8000)).toEqual({ least: 1997 + 997, most: 2003 + 1000 });
    expect(downtime(outages, 4000, 4500)).toEqual({ least: 500, most: 500 });
    expect(downtime(outages, 0, 1000)).toEqual({ least: 0, most: 0 });
  });
});
