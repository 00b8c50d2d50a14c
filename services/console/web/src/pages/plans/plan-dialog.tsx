import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { send } from '../../api/client.ts';
import { nodeNow } from '../../api/clock.ts';
import { useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { pressKey } from '../../parts/press-key.ts';
import { Refusal } from '../incidents/refusal.tsx';
import { creationOf, type PlanDraft, previewOf } from './cover.ts';
import { CoverFields } from './cover-fields.tsx';
import { MutedFields } from './muted-fields.tsx';
import { PlanPreview } from './plan-preview.tsx';
import { TimeFields } from './time-fields.tsx';
import { PLANS } from './words.ts';
import { fieldOf } from './zoned-time.ts';

const TWO_HOURS_MS = 7_200_000;
const HALF_HOUR_MS = 1_800_000;

interface Props {
  readonly sort: 'maintenance' | 'silence';
  /** What it covers to begin with. */
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
  readonly onClose: () => void;
}

/** Plans work, or makes a silence; beside the fields, what it would be about. */
export function PlanDialog({ sort, objects, divisions, onClose }: Props) {
  const words = useWords(PLANS);
  const common = useWords(COMMON);
  const { node } = useSession();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const id = useId();
  const [draft, setDraft] = useState<PlanDraft>(() => firstDraft(sort, objects, divisions, node.timeZone));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const now = nodeNow();
  const request = creationOf(draft, sort, node.timeZone, now);
  const preview = previewOf(draft, sort, node.timeZone, now);
  const fault = typeof request === 'string' ? request : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typeof request === 'string' || busy) return;
    setBusy(true);
    setError(null);
    const path = sort === 'maintenance' ? '/maintenance' : '/silences';
    try {
      await send('POST', path, request, { idempotencyKey: pressKey() });
      void queries.invalidateQueries({ queryKey: [path] });
      void message.success(words.created);
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      title={sort === 'maintenance' ? words.newMaintenance : words.newSilence}
      onClose={onClose}
      actions={
        <>
          <span className="soft plan-fault">{fault === null ? '' : words[fault]}</span>
          <button type="button" className="button" onClick={onClose}>
            {common.cancel}
          </button>
          <button type="submit" form={id} className="button primary" disabled={fault !== null || busy}>
            {words.create}
          </button>
        </>
      }
    >
      <form id={id} className="plan-form" onSubmit={(event) => void submit(event)}>
        <div>
          <p className="soft">{sort === 'maintenance' ? words.maintenanceMeans : words.silenceMeans}</p>
          <div className="field">
            <label htmlFor={`${id}-text`}>{sort === 'maintenance' ? words.what : words.reason}</label>
            <input
              id={`${id}-text`}
              type="text"
              required
              autoComplete="off"
              maxLength={sort === 'maintenance' ? 500 : 1000}
              value={draft.text}
              onChange={({ target }) => setDraft({ ...draft, text: target.value })}
            />
          </div>
          <CoverFields draft={draft} onChange={setDraft} />
          {sort === 'silence' ? <MutedFields draft={draft} onChange={setDraft} /> : null}
          <TimeFields from={draft.from} to={draft.to} onChange={(times) => setDraft({ ...draft, ...times })} />
          {error === null ? null : <Refusal error={error} />}
        </div>
        <PlanPreview sort={sort} request={typeof preview === 'string' ? null : preview} />
      </form>
    </Dialog>
  );
}

function firstDraft(sort: Props['sort'], objects: readonly string[], divisions: readonly string[], timeZone: string): PlanDraft {
  const now = nodeNow();
  const [from, to] = sort === 'maintenance' ? [now + HALF_HOUR_MS, now + HALF_HOUR_MS + TWO_HOURS_MS] : [null, now + TWO_HOURS_MS];
  return {
    text: '',
    objects,
    divisions,
    classes: [],
    parties: [],
    severities: [],
    kinds: [],
    from: from === null ? '' : fieldOf(from, timeZone),
    to: fieldOf(to, timeZone),
  };
}
