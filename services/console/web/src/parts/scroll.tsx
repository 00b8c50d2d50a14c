import { type ReactNode, useEffect, useRef } from 'react';
import './cards.css';

/** What may be wider than its place. While it is, it is a stop of the tabulator, so that arrows scroll it. */
export function Scroll({ label, className = '', children }: { label: string; className?: string; children: ReactNode }) {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    const section = element.current;
    if (section === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (section.scrollWidth > section.clientWidth) section.tabIndex = 0;
      else section.removeAttribute('tabindex');
    });
    observer.observe(section);
    for (const child of section.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return (
    <section ref={element} className={`plain-scroll ${className}`} aria-label={label}>
      {children}
    </section>
  );
}
