import type { Delivery } from '@beacontower/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { send } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { pressKey } from '../../parts/press-key.ts';
import { canRetry } from './delivery-row.tsx';
import { DELIVERIES } from './words.ts';

/** Sends every message listed again, after asking: receivers may get alarms that are over. */
export function RetryAll({ deliveries }: { deliveries: readonly Delivery[] }) {
  const words = useWords(DELIVERIES);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const wanted = deliveries.filter(canRetry);
  const retry = async () => {
    setBusy(true);
    let failed = 0;
    // One after the other: each is a write of its own, and there may be hundreds.
    for (const { id } of wanted) {
      try {
        await send('POST', `/deliveries/${id}/retry`, undefined, { idempotencyKey: pressKey() });
      } catch {
        failed++;
      }
    }
    setBusy(false);
    setAsking(false);
    void message[failed > 0 ? 'warning' : 'success'](words.retriedSome(wanted.length - failed, failed));
    void queries.invalidateQueries({ queryKey: ['/deliveries'] });
  };
  if (wanted.length === 0) return null;
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        {words.retryAll(wanted.length)}
      </button>
      <ConfirmDialog
        open={asking}
        title={words.retryAllTitle}
        confirm={words.retry}
        busy={busy}
        onConfirm={() => void retry()}
        onCancel={() => setAsking(false)}
      >
        <p>{words.retryAllText(wanted.length)}</p>
      </ConfirmDialog>
    </>
  );
}
