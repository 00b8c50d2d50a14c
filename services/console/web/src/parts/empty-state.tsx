import type { ReactNode } from 'react';
import './parts.css';

/** Nothing to show: why, and what one could do. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="part-empty">
      <strong>{title}</strong>
      {children ? <div className="soft">{children}</div> : null}
    </div>
  );
}
