import type { IncidentDetail, IncidentSummary } from '@beacontower/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { ApiError, get, send } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { pressKey } from '../../parts/press-key.ts';
import { ActForm, type Draft, emptyDraft, requestOf } from './act-forms.tsx';
import { type ActName, needsRevision } from './acts.ts';
import { type Conflict, conflictOf } from './conflict.ts';
import { ConflictNotice } from './conflict-notice.tsx';
import { Refusal } from './refusal.tsx';
import { ACT } from './words.ts';

interface Props {
  /** As whoever presses has read it. */
  readonly incident: IncidentSummary;
  readonly act: ActName;
  readonly me: ReadonlySet<string>;
  readonly onClose: () => void;
  readonly onDone: (after: IncidentDetail) => void;
}

/** Asks for what an act needs, does it, and says what is in its way: a refusal, or somebody who was faster. */
export function ActDialog({ incident, act, me, onClose, onDone }: Props) {
  const words = useWords(ACT);
  const common = useWords(COMMON);
  const { titleOf } = useNaming();
  const queries = useQueryClient();
  const form = useId();
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(incident));
  const [base, setBase] = useState<IncidentSummary>(incident);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const takesBack = act === 'decline' && !(base.pendingOwner !== null && me.has(base.pendingOwner));
  const word = takesBack ? words.takeBack : words.acts[act];
  const request = requestOf(act, draft, base.home);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (request === null || busy) return;
    setBusy(true);
    setError(null);
    try {
      const after = await send<IncidentDetail>('POST', `/incidents/${incident.id}/${act}`, request, {
        idempotencyKey: pressKey(),
        ...(needsRevision(act) ? { ifMatch: base.revision } : {}),
      });
      queries.setQueryData(['/incident', after.id], after);
      void queries.invalidateQueries({ queryKey: ['/incidents'] });
      onDone(after);
    } catch (failure) {
      await explain(failure);
    } finally {
      setBusy(false);
    }
  };

  const explain = async (failure: unknown) => {
    if (!(failure instanceof ApiError && failure.status === 412)) return setError(failure);
    try {
      const now = await get<IncidentDetail>(`/incidents/${incident.id}`);
      queries.setQueryData(['/incident', now.id], now);
      void queries.invalidateQueries({ queryKey: ['/incidents'] });
      setConflict(conflictOf(base, now));
      setBase(now);
    } catch (unread) {
      setError(unread);
    }
  };

  return (
    <Dialog
      open
      title={`${word} · #${incident.number}`}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            {common.cancel}
          </button>
          <button type="submit" form={form} className="button primary" disabled={request === null || busy}>
            {conflict === null ? word.replace('…', '') : words.anyway(word.replace('…', ''))}
          </button>
        </>
      }
    >
      <form id={form} className="act-form" onSubmit={(event) => void submit(event)}>
        <p className="act-title">{titleOf(incident)}</p>
        {words.means[act] === '' ? null : <p className="soft">{words.means[act]}</p>}
        <ActForm act={act} incident={base} draft={draft} onChange={setDraft} />
        {conflict === null ? null : <ConflictNotice key={base.revision} conflict={conflict} />}
        {error === null ? null : <Refusal error={error} />}
      </form>
    </Dialog>
  );
}
