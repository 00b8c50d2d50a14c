import type { CreatedInvitation, Invitation } from '@beacontower/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/since.tsx';
import { AskAndDo } from '../accounts/ask-and-do.tsx';
import { readInvitations, withdraw } from './calls.ts';
import { HeadsTable } from './heads-table.tsx';
import { InviteDialog, TokenDialog } from './invite-dialog.tsx';
import { NODES } from './words.ts';

/** Who was invited; the system administrator invites and withdraws. */
export function Invitations() {
  const words = useWords(NODES);
  const queries = useQueryClient();
  const invites = useMay('system-administrator');
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<CreatedInvitation | null>(null);
  const [leaving, setLeaving] = useState<Invitation | null>(null);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['federation', 'invitations'],
    queryFn: ({ signal }) => readInvitations(signal),
    refetchInterval: 15_000,
  });
  const changed = () => queries.invalidateQueries({ queryKey: ['federation'] });
  return (
    <div className="stack">
      {invites ? (
        <div className="toolbar">
          <button type="button" className="button primary" onClick={() => setInviting(true)}>
            {words.invite}
          </button>
        </div>
      ) : null}
      {isPending ? <Loading /> : null}
      {error === null ? null : <Failure error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 ? <EmptyState title={words.noInvitations} /> : null}
      {data === undefined || data.items.length === 0 ? null : (
        <InvitationTable invitations={data.items} onWithdraw={invites ? setLeaving : null} />
      )}
      <InviteDialog
        open={inviting}
        onClose={() => setInviting(false)}
        onMade={(invitation) => {
          setInviting(false);
          setMade(invitation);
          void changed();
        }}
      />
      <TokenDialog made={made} onClose={() => setMade(null)} />
      <Dialog open={leaving !== null} title={words.withdraw} onClose={() => setLeaving(null)} actions={<span />}>
        {leaving === null ? null : (
          <AskAndDo
            ask={words.withdrawAsk(leaving.node)}
            label={words.withdraw}
            onCancel={() => setLeaving(null)}
            act={async () => {
              await withdraw(leaving.id);
              setLeaving(null);
              await changed();
            }}
          />
        )}
      </Dialog>
    </div>
  );
}

interface TableProps {
  readonly invitations: readonly Invitation[];
  readonly onWithdraw: ((invitation: Invitation) => void) | null;
}

function InvitationTable({ invitations, onWithdraw }: TableProps) {
  const words = useWords(NODES);
  const { none } = useWords(COMMON);
  const heads = [words.nodeId, words.name, words.division, words.state, words.expires, words.invitedBy];
  return (
    <HeadsTable label={words.tabs.invitations} heads={heads} last={words.acts}>
      {invitations.map((invitation) => (
        <tr key={invitation.id}>
          <th scope="row">
            <code>{invitation.node}</code>
          </th>
          <td>{invitation.name}</td>
          <td>{invitation.division}</td>
          <td>{words.invitationStates[invitation.state]}</td>
          <td>
            <Moment at={invitation.expiresAt} parts="minute" />
          </td>
          <td>{invitation.createdBy}</td>
          <td className="acts">
            {invitation.state === 'open' && onWithdraw !== null ? (
              <button type="button" className="button" onClick={() => onWithdraw(invitation)}>
                {words.withdraw}
              </button>
            ) : (
              <span className="soft">{none}</span>
            )}
          </td>
        </tr>
      ))}
    </HeadsTable>
  );
}
