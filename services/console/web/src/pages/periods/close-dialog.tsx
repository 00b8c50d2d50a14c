import type { Objective } from '@beacontower/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { send } from '../../api/client.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { nameOf } from '../../i18n/name-of.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { judgePeriod, suggestedPeriods } from '../reports/suggest.ts';
import { PERIODS } from './words.ts';

interface CloseProps {
  readonly objectives: readonly Objective[];
  readonly chosen: string | null;
  readonly onClose: () => void;
}

/** Closes a period by hand, with the reason that stands in the version. */
export function CloseDialog({ objectives, chosen, onClose }: CloseProps) {
  const words = useWords(PERIODS);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const list = useId();
  const [id, setId] = useState(chosen ?? objectives[0]?.id ?? '');
  const timeZone = objectives.find((each) => each.id === id)?.timeZone ?? 'Asia/Shanghai';
  const suggestions = suggestedPeriods(Date.now(), timeZone).filter((label) => judgePeriod(label, Date.now(), timeZone) === 'over');
  const [period, setPeriod] = useState(suggestions[0] ?? '');
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const close = useMutation({
    mutationFn: () => send('POST', '/periods', { objective: id, period, reason: reason.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['/periods'] });
      onClose();
    },
  });
  const onSubmit = () => {
    const wrong =
      judgePeriod(period, Date.now(), timeZone) === 'wrong' ? words.labelWrong : reason.trim() === '' ? words.reasonMissing : null;
    setFault(wrong);
    if (wrong === null) close.mutate();
  };
  return (
    <FormDialog
      title={words.closeTitle}
      submit={words.confirm}
      busy={close.isPending}
      fault={fault}
      error={close.error}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <p className="soft">{words.closeHint}</p>
      <label>
        {words.objective}
        <select value={id} onChange={(event) => setId(event.target.value)}>
          {objectives.map((each) => (
            <option key={each.id} value={each.id}>
              {nameOf(each, language)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.label}
        <input list={list} value={period} onChange={(event) => setPeriod(event.target.value.trim())} />
        <datalist id={list}>
          {suggestions.map((label) => (
            <option key={label} value={label} />
          ))}
        </datalist>
        <span className="soft">{words.labelHint}</span>
      </label>
      <label>
        {words.reason}
        <textarea rows={2} maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </FormDialog>
  );
}
