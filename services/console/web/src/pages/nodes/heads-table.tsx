import type { ReactNode } from 'react';
import { Scroll } from '../../parts/scroll.tsx';

interface HeadsTableProps {
  /** What the table is of, for those who hear it. */
  readonly label: string;
  readonly heads: readonly string[];
  /** The head of the last column, at the end of its cell. */
  readonly last: string;
  /** Rows. */
  readonly children: ReactNode;
}

/** A table of nodes, or of those who ask to be one: heads above rows, scrolled where it is narrow. */
export function HeadsTable({ label, heads, last, children }: HeadsTableProps) {
  return (
    <Scroll className="card node-table" label={label}>
      <table className="plain-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            <th scope="col" className="end">
              {last}
            </th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroll>
  );
}
