import type { IncidentSummary } from '@beacontower/contracts';
import { App } from 'antd';
import { useState } from 'react';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { ActDialog } from './act-dialog.tsx';
import { type ActName, actsFor, handOver } from './acts.ts';
import { ACT } from './words.ts';

/** The acts on one incident: keys that start them, and the dialog of the one that was started. What makes no sense now does nothing. */
export function useActing(incident: IncidentSummary | null, me: ReadonlySet<string>) {
  const words = useWords(ACT);
  const { message } = App.useApp();
  const mayAct = useMay('operator', 'duty-manager');
  const [started, setStarted] = useState<{ act: ActName; incident: IncidentSummary } | null>(null);
  const can = incident !== null && mayAct ? actsFor(incident, me) : [];
  const start = (act: ActName) => {
    if (incident !== null && can.includes(act)) setStarted({ act, incident });
  };
  const hand = () => {
    if (incident === null) return;
    const meaning = handOver(incident, me);
    if (meaning !== null) start(meaning === 'answer' ? 'accept' : meaning === 'take-back' ? 'decline' : 'assign');
  };
  const dialog =
    started === null ? null : (
      <ActDialog
        incident={started.incident}
        act={started.act}
        me={me}
        onClose={() => setStarted(null)}
        onDone={(after) => {
          setStarted(null);
          void message.success(`#${after.number} ${words.done[started.act]}`);
        }}
      />
    );
  const keys: Readonly<Record<string, () => void>> = {
    a: () => start('acknowledge'),
    s: () => start('assign'),
    h: hand,
    d: () => start('decline'),
    c: () => start('comment'),
    m: () => start(can.includes('unmerge') ? 'unmerge' : 'merge'),
    p: () => start('split'),
    r: () => start(can.includes('reopen') ? 'reopen' : 'resolve'),
    x: () => start('close'),
    e: () => start('escalate'),
    g: () => start('hand-down'),
    y: () => start('accept-hand-over'),
    n: () => start('decline-hand-over'),
    b: () => start('withdraw-hand-down'),
  };
  return { start, keys, dialog, can };
}
