import { useEffect, useRef } from 'react';

const GATHER_MS = 120;

/** Calls `run` soon after it is asked for, and then at most every `ms`: a storm of events is one reading, not a thousand. */
export function useThrottled(run: () => void, ms: number): () => void {
  const held = useRef({ run, timer: undefined as ReturnType<typeof setTimeout> | undefined, last: 0 });
  held.current.run = run;
  useEffect(() => {
    const { current } = held;
    return () => clearTimeout(current.timer);
  }, []);
  const ask = useRef(() => {
    const { current } = held;
    if (current.timer !== undefined) return;
    const wait = Math.max(GATHER_MS, current.last + ms - Date.now());
    current.timer = setTimeout(() => {
      current.timer = undefined;
      current.last = Date.now();
      current.run();
    }, wait);
  });
  return ask.current;
}
