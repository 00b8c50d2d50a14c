import type { AccountSummary, OneTimePassword } from '@beacontower/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { createAccount, resetPassword } from './calls.ts';
import { ACCOUNTS } from './words.ts';

interface CreateProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onCreated: (given: OneTimePassword) => void;
}

/** A new account; it may do nothing until a security administrator gives it rights. */
export function CreateDialog({ open, onClose, onCreated }: CreateProps) {
  const words = useWords(ACCOUNTS);
  return (
    <Dialog open={open} title={words.create} onClose={onClose} actions={<span />}>
      {open ? <CreateForm onClose={onClose} onCreated={onCreated} /> : null}
    </Dialog>
  );
}

function CreateForm({ onClose, onCreated }: Omit<CreateProps, 'open'>) {
  const words = useWords(ACCOUNTS);
  const common = useWords(COMMON);
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [email, setEmail] = useState('');
  const made = useRef<AccountSummary | null>(null);
  const creating = useMutation({
    mutationFn: async () => {
      const account = { name: name.trim(), displayName: displayName.trim(), ...(email.trim() === '' ? {} : { email: email.trim() }) };
      // Two steps at the node: an account that was made is not made again when its password could not be set.
      if (made.current?.name !== account.name) made.current = await createAccount(account);
      return resetPassword(made.current);
    },
    onSuccess: onCreated,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate();
  };
  return (
    <form className="form account-dialog" onSubmit={submit}>
      <Field label={words.name} hint={words.nameHint} value={name} onChange={setName} autoComplete="off" maxLength={64} autoFocus />
      <Field label={words.displayName} value={displayName} onChange={setDisplayName} autoComplete="off" maxLength={100} />
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
      <ProblemNote error={creating.error} />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {common.cancel}
        </button>
        <button
          type="submit"
          className="button primary"
          disabled={creating.isPending || name.trim().length < 2 || displayName.trim() === ''}
        >
          {words.create}
        </button>
      </div>
    </form>
  );
}
