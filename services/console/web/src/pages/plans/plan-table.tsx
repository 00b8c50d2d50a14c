import type { ReactNode } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { StaleNote } from '../../parts/stale-note.tsx';
import { Older } from './older.tsx';
import { usePlans } from './use-plans.ts';
import { PLANS } from './words.ts';

interface PlanTableProps<T> {
  readonly path: '/maintenance' | '/silences';
  readonly active: boolean;
  /** Names the table for readers that hear it. */
  readonly label: string;
  /** The heading of what it is about. */
  readonly what: string;
  /** Said when there is none: that, and what one would be. */
  readonly none: string;
  readonly means: string;
  readonly row: (plan: T) => ReactNode;
}

/** Planned work or silences, read and shown as a table; each draws its own rows. */
export function PlanTable<T>({ path, active, label, what, none, means, row }: PlanTableProps<T>) {
  const words = useWords(PLANS);
  const found = usePlans<T>(path, active);
  const plans = found.data?.pages.flatMap(({ items }) => items) ?? [];
  if (found.isPending) return <Loading />;
  if (found.data === undefined) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <>
      {found.error === null ? null : <StaleNote at={found.dataUpdatedAt} text={words.stale} />}
      {plans.length === 0 ? <EmptyState title={none}>{means}</EmptyState> : null}
      {plans.length === 0 ? null : (
        <div className="table-scroll">
          <table className="plans" aria-label={label}>
            <thead>
              <tr>
                <th scope="col">{words.state}</th>
                <th scope="col">{what}</th>
                <th scope="col">{words.covers}</th>
                <th scope="col">{words.from}</th>
                <th scope="col">{words.to}</th>
                <th scope="col">{words.by}</th>
                <th scope="col">
                  <span className="unseen">{words.acts}</span>
                </th>
              </tr>
            </thead>
            <tbody>{plans.map(row)}</tbody>
          </table>
        </div>
      )}
      <Older found={found} />
    </>
  );
}
