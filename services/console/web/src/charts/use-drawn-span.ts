import { type PointerEvent, useState } from 'react';

/** A drag shorter than this is a press, px. */
const LEAST = 6;

interface Drawn {
  readonly left: number;
  readonly width: number;
}

/**
 * A stretch of time drawn with the pointer over something laid out along time. `timeAt` tells the moment at so many px from the left;
 * null: not there yet. By keyboard the same is done with the buttons of the range.
 */
export function useDrawnSpan(timeAt: (x: number) => number | null, onSpan: ((from: number, to: number) => void) | undefined) {
  const [drag, setDrag] = useState<{ readonly start: number; readonly now: number } | null>(null);
  const placeOf = (event: PointerEvent<HTMLElement>) => event.clientX - event.currentTarget.getBoundingClientRect().left;
  const wide = drag !== null && Math.abs(drag.now - drag.start) >= LEAST;
  const drawn: Drawn | null = wide ? { left: Math.min(drag.start, drag.now), width: Math.abs(drag.now - drag.start) } : null;
  return {
    drawn,
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || onSpan === undefined) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const x = placeOf(event);
      setDrag({ start: x, now: x });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag !== null) setDrag({ ...drag, now: placeOf(event) });
    },
    onPointerUp: () => {
      setDrag(null);
      if (!wide || drag === null) return;
      const from = timeAt(Math.min(drag.start, drag.now));
      const to = timeAt(Math.max(drag.start, drag.now));
      if (from !== null && to !== null && from < to) onSpan?.(from, to);
    },
    onPointerCancel: () => setDrag(null),
  };
}
