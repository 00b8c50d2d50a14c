import type { AccountSummary } from '@beacontower/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Field } from '../../parts/field.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { changeAccount } from './calls.ts';
import { ACCOUNTS } from './words.ts';

interface FormProps {
  readonly account: AccountSummary;
  readonly onDone: () => Promise<void>;
  readonly onCancel: () => void;
}

/** What the system administrator keeps of an account: the name shown, where mail goes, whether it may sign in at all. */
export function EditForm({ account, onDone, onCancel }: FormProps) {
  const words = useWords(ACCOUNTS);
  const common = useWords(COMMON);
  // As it was when the form was opened: what another changed meanwhile is found by the revision, not overwritten.
  const [before] = useState(account);
  const [displayName, setDisplayName] = useState(account.displayName);
  const [email, setEmail] = useState(account.email ?? '');
  const [disabled, setDisabled] = useState(account.state === 'disabled');
  const saving = useMutation({
    mutationFn: () => changeAccount(before, { displayName: displayName.trim(), email: email.trim() || null, disabled }),
    onSuccess: onDone,
  });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Field label={words.displayName} value={displayName} onChange={setDisplayName} autoComplete="off" maxLength={100} autoFocus />
      <Field
        label={words.email}
        hint={words.emailHint}
        value={email}
        onChange={setEmail}
        autoComplete="off"
        inputMode="email"
        required={false}
        maxLength={254}
      />
      <div>
        <label className="choice">
          <input type="checkbox" checked={disabled} onChange={(event) => setDisabled(event.target.checked)} />
          {words.disable}
        </label>
        <p className="form-hint">{words.disabledHint}</p>
      </div>
      <ProblemNote error={saving.error} />
      <div className="form-row">
        <button type="button" className="button" onClick={onCancel}>
          {common.cancel}
        </button>
        <button type="submit" className="button primary" disabled={saving.isPending || displayName.trim() === ''}>
          {common.save}
        </button>
      </div>
    </form>
  );
}
