import type { Line } from './chart-option.ts';

const DASHES = { solid: undefined, dashed: '6 4', dotted: '2 3' } as const;

/** One entry of a legend: the stroke as it is drawn, its name and what it came to. */
export function ChartKey({ name, colour, stroke, value }: Pick<Line, 'name' | 'colour' | 'stroke'> & { value?: string }) {
  return (
    <span className="chart-key">
      <svg width="26" height="8" aria-hidden="true">
        <line x1="1" y1="4" x2="25" y2="4" className={`chart-key-${colour}`} strokeDasharray={DASHES[stroke]} />
      </svg>
      <span>{name}</span>
      {value === undefined ? null : <span className="figures">{value}</span>}
    </span>
  );
}
