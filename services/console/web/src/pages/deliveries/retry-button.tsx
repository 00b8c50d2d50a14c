import type { Delivery } from '@beacontower/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { ApiError, send } from '../../api/client.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { pressKey } from '../../parts/press-key.ts';
import { DELIVERIES } from './words.ts';

/** Sends one message again. */
export function RetryButton({ delivery }: { delivery: Delivery }) {
  const words = useWords(DELIVERIES);
  const say = useRetryFailure();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    try {
      await send('POST', `/deliveries/${delivery.id}/retry`, undefined, { idempotencyKey: pressKey() });
      void message.success(words.retried);
    } catch (error) {
      void message.error(say(error));
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ['/deliveries'] });
    }
  };
  return (
    <button type="button" className="button primary" disabled={busy} onClick={() => void retry()}>
      {words.retry}
    </button>
  );
}

/** Why a message could not be sent again, in words. */
export function useRetryFailure(): (error: unknown) => string {
  const { language } = useLanguage();
  const common = useWords(COMMON);
  const known: Readonly<Record<string, string | undefined>> = DELIVERIES[language].faults;
  return (error) => {
    if (!(error instanceof ApiError)) return String(error);
    return error.status === 0 ? common.unreachable : (known[error.code] ?? error.message);
  };
}
