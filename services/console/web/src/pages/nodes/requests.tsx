import type { EnrolmentView } from '@beacontower/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/since.tsx';
import { readRequests } from './calls.ts';
import { type Decision, DecisionDialog } from './decision-dialog.tsx';
import { HeadsTable } from './heads-table.tsx';
import { NODES } from './words.ts';

/** Nodes that ask to be let in; the security administrator decides, with the code that they read out. */
export function Requests() {
  const words = useWords(NODES);
  const queries = useQueryClient();
  const decides = useMay('security-administrator');
  const [decision, setDecision] = useState<Decision | null>(null);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['federation', 'requests'],
    queryFn: ({ signal }) => readRequests(signal),
    refetchInterval: 5_000,
  });
  return (
    <div className="stack">
      {isPending ? <Loading /> : null}
      {error === null ? null : <Failure error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 ? <EmptyState title={words.noRequests} /> : null}
      {data === undefined || data.items.length === 0 ? null : (
        <RequestTable requests={data.items} onDecide={decides ? setDecision : null} />
      )}
      <DecisionDialog
        decision={decision}
        onClose={() => setDecision(null)}
        onDone={() => {
          setDecision(null);
          void queries.invalidateQueries({ queryKey: ['federation'] });
          void queries.invalidateQueries({ queryKey: ['nodes'] });
        }}
      />
    </div>
  );
}

interface TableProps {
  readonly requests: readonly EnrolmentView[];
  readonly onDecide: ((decision: Decision) => void) | null;
}

function RequestTable({ requests, onDecide }: TableProps) {
  const words = useWords(NODES);
  const heads = [words.nodeId, words.name, words.division, words.state, words.requested, words.source, words.version, words.decidedBy];
  return (
    <HeadsTable label={words.tabs.requests} heads={heads} last={words.acts}>
      {requests.map((request) => (
        <tr key={request.id}>
          <th scope="row">
            <code>{request.node}</code>
          </th>
          <td>{request.name}</td>
          <td>{request.division}</td>
          <td>
            {words.requestStates[request.state]}
            {request.reason === null ? null : <div className="soft">{request.reason}</div>}
          </td>
          <td>
            <Moment at={request.requestedAt} />
          </td>
          <td className="figures">{request.source}</td>
          <td>{request.software}</td>
          <td>{request.decidedBy ?? '—'}</td>
          <td className="acts">{onDecide === null ? null : <Acts request={request} onDecide={onDecide} />}</td>
        </tr>
      ))}
    </HeadsTable>
  );
}

function Acts({ request, onDecide }: { request: EnrolmentView; onDecide: (decision: Decision) => void }) {
  const words = useWords(NODES);
  const acts = request.state === 'waiting' ? (['approve', 'refuse'] as const) : request.state === 'approved' ? (['revoke'] as const) : [];
  return acts.map((act) => (
    <button key={act} type="button" className={act === 'approve' ? 'button primary' : 'button'} onClick={() => onDecide({ act, request })}>
      {words[act]}
    </button>
  ));
}
