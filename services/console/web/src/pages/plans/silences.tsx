import type { Silence } from '@beacontower/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { send } from '../../api/client.ts';
import { useMay } from '../../api/session.tsx';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Moment } from '../../parts/since.tsx';
import { useNow } from '../../parts/use-now.ts';
import { Refusal } from '../incidents/refusal.tsx';
import { Covers } from './covers.tsx';
import { standOfSilence } from './plan-state.ts';
import { PlanTable } from './plan-table.tsx';
import { PLANS } from './words.ts';

/** Silences: what is kept still now, and what was. */
export function SilenceList({ active }: { active: boolean }) {
  const words = useWords(PLANS);
  return (
    <PlanTable<Silence>
      path="/silences"
      active={active}
      label={words.tabs.silences}
      what={words.reason}
      none={words.noneSilence}
      means={words.silenceMeans}
      row={(silence) => <Row key={silence.id} silence={silence} />}
    />
  );
}

function Row({ silence }: { silence: Silence }) {
  const words = useWords(PLANS);
  const common = useWords(COMMON);
  const { person, party } = useNames();
  const stand = standOfSilence(silence, useNow());
  const { reason, objects, divisions, startsAt, endsAt, endedAt, author, endedBy } = silence;
  const rest = [
    ...silence.classes.map((one) => common.classes[one]),
    ...silence.parties.map(party),
    ...silence.severities.map((one) => common.severities[one]),
    ...silence.kinds.map((one) => common.incidentKinds[one]),
  ];
  return (
    <tr className={`plan silence-${stand}`}>
      <td>
        <strong className="stand">{words.silenceStands[stand]}</strong>
      </td>
      <td>{reason}</td>
      <td>
        <Covers objects={objects} divisions={divisions} rest={rest} />
      </td>
      <td>
        <Moment at={startsAt} parts="minute" />
      </td>
      <td>
        <Moment at={endedAt ?? endsAt} parts="minute" />
      </td>
      <td>
        {person(author)}
        {endedBy === null ? null : (
          <span className="soft under">
            {words.ended} {person(endedBy)}
          </span>
        )}
      </td>
      <td className="plan-acts">{stand === 'silencing' || stand === 'to-come' ? <End silence={silence} /> : null}</td>
    </tr>
  );
}

function End({ silence }: { silence: Silence }) {
  const words = useWords(PLANS);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const may = useMay('operator', 'duty-manager');
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const end = async () => {
    setBusy(true);
    setError(null);
    try {
      await send('DELETE', `/silences/${silence.id}`);
      void message.success(words.ended);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
      setAsking(false);
      void queries.invalidateQueries({ queryKey: ['/silences'] });
    }
  };
  if (!may) return null;
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        {words.end}
      </button>
      {error === null ? null : <Refusal error={error} />}
      <ConfirmDialog
        open={asking}
        danger
        busy={busy}
        title={words.endTitle}
        confirm={words.end}
        onConfirm={() => void end()}
        onCancel={() => setAsking(false)}
      >
        <p>{words.endText(silence.reason)}</p>
      </ConfirmDialog>
    </>
  );
}
