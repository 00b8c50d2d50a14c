import type { AccountSummary } from '@beacontower/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Field, Refusal } from '../../parts/field.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { giveRights } from './calls.ts';
import { OFFERED_ROLES, withDivision, withRole } from './rights-form.ts';
import { ACCOUNTS } from './words.ts';

interface RightsFormProps {
  readonly account: AccountSummary;
  readonly onDone: () => Promise<void>;
  readonly onCancel: () => void;
}

/** What somebody may do, and where. */
export function RightsForm({ account, onDone, onCancel }: RightsFormProps) {
  const words = useWords(ACCOUNTS);
  const common = useWords(COMMON);
  const [before] = useState(account);
  const [roles, setRoles] = useState(account.roles);
  const [divisions, setDivisions] = useState<readonly string[]>(account.divisions);
  const saving = useMutation({ mutationFn: () => giveRights(before, { roles, divisions: [...divisions] }), onSuccess: onDone });
  return (
    <div className="form">
      <p className="note">{words.rightsHint}</p>
      <fieldset className="choice-list bare">
        <legend className="form-label">{words.roles}</legend>
        {OFFERED_ROLES.map((role) => (
          <label key={role} className="choice">
            <input
              type="checkbox"
              checked={roles.includes(role)}
              onChange={(event) => setRoles(withRole(roles, role, event.target.checked))}
            />
            {common.roles[role]}
          </label>
        ))}
        <span className="form-hint">{words.exclusive}</span>
      </fieldset>
      <Divisions divisions={divisions} onChange={setDivisions} />
      <RightsRefusal error={saving.error} />
      <div className="form-row">
        <button type="button" className="button" onClick={onCancel}>
          {common.cancel}
        </button>
        <button type="button" className="button primary" disabled={saving.isPending} onClick={() => saving.mutate()}>
          {words.giveRights}
        </button>
      </div>
    </div>
  );
}

// What one has to do first, in words of this form; anything else as everywhere.
function RightsRefusal({ error }: { error: unknown }) {
  const words = useWords(ACCOUNTS);
  const text = error instanceof ApiError ? words.rightsRefused[error.code] : undefined;
  return text === undefined ? <ProblemNote error={error} /> : <Refusal text={text} />;
}

function Divisions({ divisions, onChange }: { divisions: readonly string[]; onChange: (divisions: readonly string[]) => void }) {
  const words = useWords(ACCOUNTS);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const next = typed.trim() === '' ? null : withDivision(divisions, typed);
    setWrong(next === null);
    if (next === null) return;
    onChange(next);
    setTyped('');
  };
  return (
    <fieldset className="choice-list bare">
      <legend className="form-label">{words.divisions}</legend>
      <label className="choice">
        <input type="checkbox" checked={divisions.includes('')} onChange={(event) => onChange(event.target.checked ? [''] : [])} />
        {words.everywhere}
      </label>
      <span className="tags">
        {divisions
          .filter((each) => each !== '')
          .map((each) => (
            <span key={each} className="tag">
              {each}
              <button type="button" aria-label={words.remove(each)} onClick={() => onChange(divisions.filter((other) => other !== each))}>
                ×
              </button>
            </span>
          ))}
      </span>
      {divisions.includes('') ? null : (
        <form className="toolbar" onSubmit={add}>
          <Field
            label={words.addDivision}
            hint={words.addHint}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            required={false}
            maxLength={256}
          />
          <button type="submit" className="button">
            {words.add}
          </button>
        </form>
      )}
      {wrong ? (
        <p className="form-warning" role="alert">
          {words.badPath}
        </p>
      ) : null}
      <span className="form-hint">{words.divisionsHint}</span>
    </fieldset>
  );
}
