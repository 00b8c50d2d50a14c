import type { Availability, Objective, ObjectiveOutage } from '@beacontower/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { get, send } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { pressKey } from '../../parts/press-key.ts';
import { fromInput, toInput } from './wall-time.ts';
import { AVAILABILITY } from './words.ts';

type Effect = 'exclude' | 'count' | 'charge';
const EFFECTS = ['exclude', 'count', 'charge'] as const;

interface ReclassifyProps {
  readonly outage: ObjectiveOutage;
  readonly objective: Objective;
  readonly onClose: () => void;
}

/** Says of the time of an outage that it was, or was not, planned work, or who is charged. A figure that is closed stays: the next version shows it. */
export function ReclassifyDialog({ outage, objective, onClose }: ReclassifyProps) {
  const words = useWords(AVAILABILITY);
  const { node } = useSession();
  const queries = useQueryClient();
  const [effect, setEffect] = useState<Effect>('exclude');
  const [party, setParty] = useState('');
  const [reason, setReason] = useState('');
  const [from, setFrom] = useState(toInput(Date.parse(outage.from), node.timeZone));
  const [to, setTo] = useState(toInput(outage.to === null ? Date.now() : Math.ceil(Date.parse(outage.to) / 1000) * 1000, node.timeZone));
  const [fault, setFault] = useState<string | null>(null);
  const record = useMutation({
    mutationFn: (body: unknown) => send('POST', '/reclassifications', body, { idempotencyKey: pressKey() }),
    onSuccess: async () => {
      await queries.invalidateQueries({
        predicate: ({ queryKey: [path] }) => path === '/objectives' || path === '/availability' || path === '/reclassifications',
      });
      onClose();
    },
  });
  const onSubmit = () => {
    const [startsAt, endsAt] = [fromInput(from, node.timeZone), fromInput(to, node.timeZone)];
    const wrong =
      startsAt === null || endsAt === null || endsAt <= startsAt
        ? words.periodWrong
        : effect === 'charge' && party === ''
          ? words.partyMissing
          : reason.trim() === ''
            ? words.reasonMissing
            : null;
    setFault(wrong);
    if (wrong !== null || startsAt === null || endsAt === null) return;
    record.mutate({
      effect,
      objects: [outage.object],
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(endsAt).toISOString(),
      party: effect === 'charge' ? party : null,
      reason: reason.trim(),
    });
  };
  return (
    <FormDialog
      title={words.reclassifyTitle(useNaming().nameOf(outage))}
      submit={words.record}
      busy={record.isPending}
      fault={fault}
      error={record.error}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <fieldset>
        <legend>{words.effectLabel}</legend>
        {EFFECTS.map((value) => (
          <label key={value} className="inline">
            <input type="radio" name="effect" checked={effect === value} onChange={() => setEffect(value)} />
            {words.effects[value]}
          </label>
        ))}
      </fieldset>
      {effect === 'charge' ? <PartyField objective={objective} outage={outage} value={party} onChange={setParty} /> : null}
      <label>
        {words.startLabel}
        <input type="datetime-local" step={1} value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label>
        {words.endLabel}
        <input type="datetime-local" step={1} value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <label>
        {words.reasonLabel}
        <textarea rows={2} maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </FormDialog>
  );
}

interface PartyProps {
  readonly objective: Objective;
  readonly outage: ObjectiveOutage;
  readonly value: string;
  readonly onChange: (party: string) => void;
}

/** The parties that the objective knows; another can be written by its id. */
function PartyField({ objective, outage, value, onChange }: PartyProps) {
  const words = useWords(AVAILABILITY);
  const list = useId();
  const to = outage.to ?? new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
  const span = { from: outage.from, to };
  const parties = useQuery({
    queryKey: ['/availability', objective.id, span, 'live', 'party'],
    queryFn: ({ signal }) =>
      get<Availability>('/availability', { objective: objective.id, ...span, version: 'live', groupBy: 'party' }, signal),
    enabled: to > outage.from,
  });
  return (
    <label>
      {words.partyLabel}
      <input list={list} value={value} onChange={(event) => onChange(event.target.value.trim())} />
      <datalist id={list}>
        {(parties.data?.groups ?? []).flatMap(({ key, name }) =>
          key === null ? [] : [<option key={key} value={key} label={name ?? key} />],
        )}
      </datalist>
    </label>
  );
}
