/** An axis from 0: where it ends and how far its marks are apart, on figures people count in. */
export interface Scale {
  readonly max: number;
  readonly step: number;
}

const MARKS = 4;
const ROUND = [1, 2, 2.5, 5, 10];

/** An axis that reaches `highest`, with a little air above it, in at most four steps. */
export function scaleFor(highest: number): Scale {
  if (!(highest > 0) || !Number.isFinite(highest)) return { max: 1, step: 0.25 };
  const power = 10 ** Math.floor(Math.log10(highest / MARKS));
  const step = (ROUND.find((factor) => factor * power * MARKS >= highest) ?? 10) * power;
  return { max: step * Math.ceil(highest / step - 1e-9), step };
}
