import { useCallback, useEffect, useRef } from 'react';

/** Calls at once, then at most every `ms`, and once more at the end: a storm of events is a question a second, not one for each. */
export function useThrottled(call: () => void, ms: number): () => void {
  const newest = useRef(call);
  newest.current = call;
  const held = useRef<{ timer: ReturnType<typeof setTimeout> | undefined; again: boolean }>({ timer: undefined, again: false });
  useEffect(() => () => clearTimeout(held.current.timer), []);
  return useCallback(() => {
    const run = () => {
      held.current.again = false;
      newest.current();
      held.current.timer = setTimeout(() => {
        held.current.timer = undefined;
        if (held.current.again) run();
      }, ms);
    };
    if (held.current.timer === undefined) run();
    else held.current.again = true;
  }, [ms]);
}
