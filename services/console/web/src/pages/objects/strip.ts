import type { State } from '@beacontower/domain';
import type { Span } from './range.ts';
import type { Stretch } from './segments.ts';

/** A rectangle of the strip, in parts of its width (px). */
export interface StripBar {
  readonly x: number;
  readonly width: number;
  readonly look: State | 'excluded' | 'uncertain' | 'unjudged';
}

/** An outage of a second in a month is still seen. */
const LEAST_WIDTH: Readonly<Record<State, number>> = { up: 0, unknown: 1, degraded: 2, down: 3 };
/** Later ones lie on top: what matters most is never covered. */
const LAYERS: readonly State[] = ['up', 'unknown', 'degraded', 'down'];
/** An uncertainty narrower than this (px) cannot be seen. */
const LEAST_UNCERTAIN = 3;

/**
 * The bars of a state strip `width` px wide over the span, in drawing order: state by state, then planned work, then how far an edge
 * may lie off. Neighbours of one state less than a pixel apart are one bar, so there are never many more bars than pixels.
 */
export function stripBars(stretches: readonly Stretch[], span: Span, width: number): StripBar[] {
  const scale = width / Math.max(1, span.to - span.from);
  const place = (at: number) => (Math.min(span.to, Math.max(span.from, at)) - span.from) * scale;
  const judged = stretches.filter(isJudged);
  const bars = LAYERS.flatMap((state) =>
    joined(
      judged.filter((stretch) => stretch.state === state),
      place,
      LEAST_WIDTH[state],
      state,
      width,
    ),
  );
  const excluded = joined(
    judged.filter((stretch) => stretch.excluded),
    place,
    2,
    'excluded',
    width,
  );
  const unjudged = joined(
    stretches.filter((stretch) => !isJudged(stretch)),
    place,
    0,
    'unjudged',
    width,
  );
  const uncertain = stretches.flatMap(({ from, uncertaintyMs }): StripBar[] => {
    const x = place(from - uncertaintyMs);
    const wide = place(from + uncertaintyMs) - x;
    return uncertaintyMs > 0 && wide >= LEAST_UNCERTAIN ? [{ x, width: wide, look: 'uncertain' }] : [];
  });
  return [...unjudged, ...bars, ...excluded, ...uncertain];
}

// Where nobody was to look there is nothing to be drawn; unknown is what should have been known.
function isJudged({ reason }: Stretch): boolean {
  return reason !== 'not-judged-yet' && reason !== 'not-monitored';
}

function joined(
  stretches: readonly Stretch[],
  place: (at: number) => number,
  least: number,
  look: StripBar['look'],
  all: number,
): StripBar[] {
  const bars: { x: number; width: number; look: StripBar['look'] }[] = [];
  for (const { from, to } of stretches) {
    const start = place(from);
    const width = Math.max(least, place(to) - start);
    const x = Math.max(0, Math.min(start, all - width));
    const last = bars.at(-1);
    if (last && x - (last.x + last.width) < 1) last.width = Math.max(last.width, x + width - last.x);
    else bars.push({ x, width, look });
  }
  return bars;
}
