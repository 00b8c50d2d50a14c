import type { ReportFigure } from '../../model/model.ts';
import type { Measured } from './axis.ts';

type Figures = Pick<ReportFigure, 'availability' | 'lowest' | 'highest'>;

/** A figure in percent, with its bounds. */
export function measured({ availability, lowest, highest }: Figures): Measured {
  return { value: inPercent(availability), lowest: inPercent(lowest), highest: inPercent(highest) };
}

/** What is missing of 100%, in percent, with its bounds: the highest availability gives the lowest of these. */
export function missing({ availability, lowest, highest }: Figures): Measured {
  return { value: fromWhole(availability), lowest: fromWhole(highest), highest: fromWhole(lowest) };
}

function inPercent(fraction: number | null): number | null {
  return fraction === null ? null : fraction * 100;
}

function fromWhole(fraction: number | null): number | null {
  return fraction === null ? null : Math.max(0, (1 - fraction) * 100);
}
