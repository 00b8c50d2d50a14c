import { type FormEvent, useId, useState } from 'react';
import { useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { Field } from '../../parts/field.tsx';
import type { AuditFilters } from './filters.ts';
import { AUDIT_RESULTS } from './results.ts';
import { AUDIT } from './words.ts';

const NOTHING: AuditFilters = { actor: '', action: '', object: '', result: '', from: '', to: '' };

/** What to look for. It is asked by a press, not while it is typed: each reading is recorded. */
export function AuditSearch({ filters, onFind }: { filters: AuditFilters; onFind: (filters: AuditFilters) => void }) {
  const words = useWords(AUDIT);
  const [typed, setTyped] = useState(filters);
  const set = (name: keyof AuditFilters) => (value: string) => setTyped({ ...typed, [name]: value });
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFind(typed);
  };
  return (
    <form className="card toolbar" onSubmit={submit}>
      <Field label={words.actor} value={typed.actor} onChange={set('actor')} autoComplete="off" required={false} maxLength={200} />
      <Field label={words.action} value={typed.action} onChange={set('action')} autoComplete="off" required={false} maxLength={200} />
      <Field label={words.object} value={typed.object} onChange={set('object')} autoComplete="off" required={false} maxLength={256} />
      <div className="form-field">
        <label htmlFor={id}>{words.result}</label>
        <select id={id} value={typed.result} onChange={(event) => set('result')(event.target.value)}>
          <option value="">{words.anyResult}</option>
          {AUDIT_RESULTS.map((each) => (
            <option key={each} value={each}>
              {words.results[each]}
            </option>
          ))}
        </select>
      </div>
      <Moment label={words.from} value={typed.from} onChange={set('from')} />
      <Moment label={words.to} value={typed.to} onChange={set('to')} />
      <div className="form-row">
        <button type="submit" className="button primary">
          {words.find}
        </button>
        <button type="button" className="button" onClick={() => onFind(NOTHING)}>
          {words.clear}
        </button>
      </div>
    </form>
  );
}

function Moment({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { node } = useSession();
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id} title={node.timeZone}>
        {label}
      </label>
      <input id={id} type="datetime-local" value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}
