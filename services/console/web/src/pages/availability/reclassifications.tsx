import type { Page, ReclassificationView } from '@beacontower/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, send } from '../../api/client.ts';
import { useMay, useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import '../../parts/tables.css';
import { AVAILABILITY } from './words.ts';

/** What was said afterwards of times of the period, and by whom; it can be taken back. */
export function Reclassifications({ from, to }: { from: string; to: string }) {
  const words = useWords(AVAILABILITY);
  const { node } = useSession();
  const mayWithdraw = useMay('operator', 'duty-manager');
  const [asked, setAsked] = useState<ReclassificationView | null>(null);
  const stated = useQuery({
    queryKey: ['/reclassifications', from, to],
    queryFn: ({ signal }) => get<Page<ReclassificationView>>('/reclassifications', { from, to, limit: 200 }, signal),
  });
  const items = stated.data?.items ?? [];
  const minute = (at: string) => formatTime(at, node.timeZone, 'minute');
  return (
    <section className="card" aria-label={words.reclassifications}>
      <h2>{words.reclassifications}</h2>
      {stated.error ? <Failure error={stated.error} onRetry={() => void stated.refetch()} /> : null}
      {stated.data && items.length === 0 ? <p className="soft">{words.noReclassifications}</p> : null}
      {items.length === 0 ? null : (
        <div className="table-wrap">
          <table className="data-table">
            <thead>
              <tr>
                {[words.effectLabel, words.object, words.from, words.to, words.reason, words.by].map((text) => (
                  <th key={text} scope="col">
                    {text}
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {items.map((each) => (
                <tr key={each.id}>
                  <td>
                    {words.effects[each.effect]}
                    {each.party === null ? '' : ` (${each.party})`}
                  </td>
                  <td>{[...each.objects, ...each.divisions].join('、')}</td>
                  <td className="figures nowrap">{minute(each.startsAt)}</td>
                  <td className="figures nowrap">{minute(each.endsAt)}</td>
                  <td>{each.reason}</td>
                  <td>{each.recordedBy}</td>
                  <td>
                    {each.withdrawnAt !== null ? (
                      <span className="soft">{words.withdrawn(each.withdrawnBy ?? '', each.withdrawnReason ?? '')}</span>
                    ) : mayWithdraw ? (
                      <button type="button" className="link-button" onClick={() => setAsked(each)}>
                        {words.withdraw}
                      </button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asked === null ? null : <WithdrawDialog id={asked.id} onClose={() => setAsked(null)} />}
    </section>
  );
}

function WithdrawDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const words = useWords(AVAILABILITY);
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const withdraw = useMutation({
    mutationFn: () => send('POST', `/reclassifications/${id}/withdraw`, { reason: reason.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({
        predicate: ({ queryKey: [path] }) => path === '/objectives' || path === '/availability' || path === '/reclassifications',
      });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open
      title={words.withdrawTitle}
      confirm={words.withdraw}
      busy={withdraw.isPending}
      onCancel={onClose}
      onConfirm={() => {
        setMissing(reason.trim() === '');
        if (reason.trim() !== '') withdraw.mutate();
      }}
    >
      <div className="plain-form">
        <label>
          {words.reasonLabel}
          <textarea rows={2} maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        {missing ? (
          <p role="alert" className="fault">
            {words.reasonMissing}
          </p>
        ) : null}
        {withdraw.error ? <Failure error={withdraw.error} /> : null}
      </div>
    </ConfirmDialog>
  );
}
