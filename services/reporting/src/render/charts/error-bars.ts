import type { CustomSeriesOption } from 'echarts/charts';
import { COLOURS } from '../colours.ts';
import type { Axis, Measured } from './axis.ts';

const CAP = 4;

/**
 * The bounds of each item as bars with caps, along `direction`; a bound beyond the axis ends in an arrow at its end instead.
 * Items are at the places 0, 1, 2, … of the other axis.
 */
export function errorBars(items: readonly Measured[], axis: Axis, direction: 'up' | 'across', name: string): CustomSeriesOption {
  const data = items.flatMap(({ value, lowest, highest }, place) =>
    value === null || lowest === null || highest === null ? [] : [[place, lowest, highest]],
  );
  return {
    type: 'custom',
    name,
    z: 5,
    silent: true,
    clip: false,
    animation: false,
    encode: direction === 'up' ? { x: 0, y: [1, 2] } : { x: [1, 2], y: 0 },
    data,
    renderItem: (_params, api) => {
      const at = (value: number): [number, number] => {
        const place = Number(api.value(0));
        const [x = 0, y = 0] = api.coord(direction === 'up' ? [place, value] : [value, place]);
        return [x, y];
      };
      const lowest = Number(api.value(1));
      const highest = Number(api.value(2));
      const first = at(Math.max(lowest, axis.min));
      const last = at(Math.min(highest, axis.max));
      return {
        type: 'group',
        children: [
          line(first, last),
          lowest < axis.min ? arrow(first, direction, -1) : cap(first, direction),
          highest > axis.max ? arrow(last, direction, 1) : cap(last, direction),
        ],
      };
    },
  };
}

const STYLE = { stroke: COLOURS.bounds, lineWidth: 1 };

function line([x1, y1]: [number, number], [x2, y2]: [number, number]) {
  return { type: 'line' as const, shape: { x1, y1, x2, y2 }, style: STYLE };
}

function cap([x, y]: [number, number], direction: 'up' | 'across') {
  return direction === 'up' ? line([x - CAP, y], [x + CAP, y]) : line([x, y - CAP], [x, y + CAP]);
}

/** A triangle that points out of the axis: down or left for the lowest (-1), up or right for the highest (1). */
function arrow([x, y]: [number, number], direction: 'up' | 'across', end: -1 | 1) {
  const length = 6 * end;
  const points =
    direction === 'up'
      ? [
          [x - CAP, y + length],
          [x + CAP, y + length],
          [x, y],
        ]
      : [
          [x - length, y - CAP],
          [x - length, y + CAP],
          [x, y],
        ];
  return { type: 'polygon' as const, shape: { points }, style: { fill: COLOURS.bounds } };
}
