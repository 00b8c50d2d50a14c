import { useEffect, useRef } from 'react';

/** Gives the focus to a field once the dialog that holds it is shown: before, the browser would not. */
export function useFirst<T extends HTMLElement>(first: boolean) {
  const element = useRef<T>(null);
  useEffect(() => {
    if (!first) return;
    const frame = requestAnimationFrame(() => element.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [first]);
  return element;
}
