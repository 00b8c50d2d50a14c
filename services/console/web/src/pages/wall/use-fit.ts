import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** How many rows of a height (in `em` of the element) fit into an element: the rest is counted, not scrolled to. */
export function useFit<E extends HTMLElement>(rowEm: number, columns = 1): { ref: RefObject<E | null>; fits: number } {
  const ref = useRef<E>(null);
  const [fits, setFits] = useState(8);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => {
      const rowHeight = Number.parseFloat(getComputedStyle(element).fontSize) * rowEm;
      setFits(Math.max(1, Math.floor((element.clientHeight + 1) / rowHeight)) * columns);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowEm, columns]);
  return { ref, fits };
}
