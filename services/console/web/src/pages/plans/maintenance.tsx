import type { Maintenance } from '@beacontower/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { ApiError, send } from '../../api/client.ts';
import { useMay } from '../../api/session.tsx';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Moment } from '../../parts/since.tsx';
import { useNow } from '../../parts/use-now.ts';
import { Refusal } from '../incidents/refusal.tsx';
import { Covers } from './covers.tsx';
import { standOfMaintenance } from './plan-state.ts';
import { PlanTable } from './plan-table.tsx';
import { STANDS } from './stand-words.ts';
import { PLANS } from './words.ts';

/** Planned work: what is to be approved, what is under way, what was. */
export function MaintenanceList({ active }: { active: boolean }) {
  const words = useWords(PLANS);
  return (
    <PlanTable<Maintenance>
      path="/maintenance"
      active={active}
      label={words.tabs.maintenance}
      what={words.what}
      none={words.none}
      means={words.maintenanceMeans}
      row={(plan) => <Row key={plan.id} plan={plan} />}
    />
  );
}

function Row({ plan }: { plan: Maintenance }) {
  const words = useWords(PLANS);
  const stands = useWords(STANDS);
  const { person } = useNames();
  const stand = standOfMaintenance(plan, useNow());
  const { title, objects, divisions, startsAt, endsAt, createdBy, approvedBy, excludedFromAvailability } = plan;
  return (
    <tr className={`plan stand-${stand}`}>
      <td>
        <strong className="stand">{stands[stand]}</strong>
        {plan.cancelledAt === null && plan.approvedAt !== null ? (
          <span className="soft under">{excludedFromAvailability ? words.excluded : words.counted}</span>
        ) : null}
      </td>
      <td>{title}</td>
      <td>
        <Covers objects={objects} divisions={divisions} />
      </td>
      <td>
        <Moment at={startsAt} parts="minute" />
      </td>
      <td>
        <Moment at={endsAt} parts="minute" />
      </td>
      <td>
        {person(createdBy)}
        {approvedBy === null ? null : (
          <span className="soft under">
            {words.approvedBy} {person(approvedBy)}
          </span>
        )}
      </td>
      <td className="plan-acts">
        <Acts plan={plan} open={stand !== 'cancelled' && stand !== 'over'} />
      </td>
    </tr>
  );
}

function Acts({ plan, open }: { plan: Maintenance; open: boolean }) {
  const words = useWords(PLANS);
  const queries = useQueryClient();
  const { message } = App.useApp();
  const mayApprove = useMay('duty-manager');
  const mayCancel = useMay('operator', 'duty-manager');
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const change = async (method: 'POST' | 'DELETE', path: string, done: string) => {
    setBusy(true);
    setError(null);
    try {
      const after = await send<Maintenance | undefined>(method, path, undefined, { ifMatch: plan.revision });
      // Approved too late it changes no figure: the API says so in both languages.
      if (after?.advice === undefined) void message.success(done);
      else void message.warning(after.advice, 12);
    } catch (failure) {
      if (failure instanceof ApiError && failure.status === 412) void message.warning(words.changed, 6);
      else setError(failure);
    } finally {
      setBusy(false);
      setAsking(false);
      void queries.invalidateQueries({ queryKey: ['/maintenance'] });
    }
  };
  if (!open) return null;
  return (
    <>
      {mayApprove && plan.approvedAt === null ? (
        <button
          type="button"
          className="button primary"
          disabled={busy}
          onClick={() => void change('POST', `/maintenance/${plan.id}/approve`, words.approved)}
        >
          {words.approve}
        </button>
      ) : null}
      {mayCancel ? (
        <button type="button" className="button" disabled={busy} onClick={() => setAsking(true)}>
          {words.cancel}
        </button>
      ) : null}
      {error === null ? null : <Refusal error={error} />}
      <ConfirmDialog
        open={asking}
        danger
        busy={busy}
        title={words.cancelTitle}
        confirm={words.cancel}
        onConfirm={() => void change('DELETE', `/maintenance/${plan.id}`, words.cancelled)}
        onCancel={() => setAsking(false)}
      >
        <p>{words.cancelText(plan.title)}</p>
      </ConfirmDialog>
    </>
  );
}
