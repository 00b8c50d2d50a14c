import type { RotaOverrideView } from '@beacontower/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { get, send } from '../../api/client.ts';
import { nodeNow } from '../../api/clock.ts';
import { useMay, useSession } from '../../api/session.tsx';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { ConfirmDialog, Dialog } from '../../parts/confirm-dialog.tsx';
import { pressKey } from '../../parts/press-key.ts';
import { Moment } from '../../parts/since.tsx';
import { Refusal } from '../incidents/refusal.tsx';
import { timesOf } from './cover.ts';
import { TimeFields } from './time-fields.tsx';
import { PLANS } from './words.ts';
import { fieldOf } from './zoned-time.ts';

const TWELVE_HOURS_MS = 43_200_000;

/** Who stands in for others in a rota, and a way to let somebody. */
export function Overrides({ rota }: { rota: string }) {
  const words = useWords(PLANS);
  const may = useMay('operator', 'duty-manager');
  const [making, setMaking] = useState(false);
  const { data } = useQuery({
    queryKey: ['/rotas', rota, 'overrides'],
    queryFn: ({ signal }) => get<{ items: RotaOverrideView[] }>(`/rotas/${encodeURIComponent(rota)}/overrides`, {}, signal),
  });
  return (
    <>
      <p className="rota-overrides">
        <span className="soft">{words.overrides}</span>
        {may ? (
          <button type="button" className="button" onClick={() => setMaking(true)}>
            {words.newOverride}
          </button>
        ) : null}
      </p>
      {data?.items.length === 0 ? <p className="soft">{words.noOverrides}</p> : null}
      <ul className="overrides">
        {data?.items.map((override) => (
          <Override key={override.id} override={override} mayEnd={may} />
        ))}
      </ul>
      {making ? <NewOverride rota={rota} onClose={() => setMaking(false)} /> : null}
    </>
  );
}

function Override({ override, mayEnd }: { override: RotaOverrideView; mayEnd: boolean }) {
  const words = useWords(PLANS);
  const { person } = useNames();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { id, contact, startsAt, endsAt, reason } = override;
  const end = async () => {
    try {
      await send('DELETE', `/rota-overrides/${id}`);
    } catch (failure) {
      setError(failure);
    }
    setAsking(false);
    void queries.invalidateQueries({ queryKey: ['/rotas'] });
  };
  return (
    <li>
      <span>
        <strong>{person(contact)}</strong> <Moment at={startsAt} parts="minute" /> → <Moment at={endsAt} parts="minute" /> {reason}
      </span>
      {mayEnd ? (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {words.end}
        </button>
      ) : null}
      {error === null ? null : <Refusal error={error} />}
      <ConfirmDialog
        open={asking}
        danger
        title={words.endOverrideTitle}
        confirm={words.end}
        onConfirm={() => void end()}
        onCancel={() => setAsking(false)}
      >
        <p>{words.endOverrideText(person(contact))}</p>
      </ConfirmDialog>
    </li>
  );
}

function NewOverride({ rota, onClose }: { rota: string; onClose: () => void }) {
  const words = useWords(PLANS);
  const common = useWords(COMMON);
  const { node } = useSession();
  const { directory } = useNames();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const id = useId();
  const [contact, setContact] = useState('');
  const [reason, setReason] = useState('');
  const [when, setWhen] = useState(() => ({ from: '', to: fieldOf(nodeNow() + TWELVE_HOURS_MS, node.timeZone) }));
  const [error, setError] = useState<unknown>(null);
  const times = timesOf(when, node.timeZone, nodeNow());
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typeof times === 'string') return;
    const { startsAt, endsAt } = times;
    const body = {
      contact,
      reason: reason.trim(),
      ...(startsAt === null ? {} : { startsAt: new Date(startsAt).toISOString() }),
      endsAt: new Date(endsAt).toISOString(),
    };
    try {
      await send('POST', `/rotas/${encodeURIComponent(rota)}/overrides`, body, { idempotencyKey: pressKey() });
      void message.success(words.overrideMade);
      void queries.invalidateQueries({ queryKey: ['/rotas'] });
      onClose();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Dialog
      open
      title={words.newOverride}
      onClose={onClose}
      actions={
        <>
          <span className="soft plan-fault">{typeof times === 'string' ? words[times] : ''}</span>
          <button type="button" className="button" onClick={onClose}>
            {common.cancel}
          </button>
          <button
            type="submit"
            form={id}
            className="button primary"
            disabled={typeof times === 'string' || contact === '' || reason.trim() === ''}
          >
            {words.create}
          </button>
        </>
      }
    >
      <form id={id} className="act-form" onSubmit={(event) => void submit(event)}>
        <p className="soft">{words.wholeNode}</p>
        <div className="field">
          <label htmlFor={`${id}-who`}>{words.standIn}</label>
          <select id={`${id}-who`} required value={contact} onChange={({ target }) => setContact(target.value)}>
            <option value="">{words.choose}</option>
            {directory?.contacts.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-why`}>{words.reason}</label>
          <input
            id={`${id}-why`}
            type="text"
            required
            autoComplete="off"
            maxLength={1000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </div>
        <TimeFields from={when.from} to={when.to} onChange={setWhen} />
        {error === null ? null : <Refusal error={error} />}
      </form>
    </Dialog>
  );
}
