import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { Field, Refusal } from '../../parts/field.tsx';
import { type ProofAgain, readWays } from '../sign-in/calls.ts';
import { useAttempt } from '../sign-in/credentials.tsx';
import { ME } from './words.ts';

interface ProofProps {
  readonly label: string;
  readonly act: (proof: ProofAgain) => Promise<void>;
  readonly children?: ReactNode;
}

/**
 * Who holds an open session shows again that it is them before the second factor is touched: by the password; who signed in by the
 * identity provider by a code of the present second factor, or by having come from there just now.
 */
export function Proof({ label, act, children }: ProofProps) {
  const words = useWords(ME);
  const { method, secondFactor } = useSession();
  const byPassword = method === 'password';
  const [typed, setTyped] = useState('');
  const { busy, refusal, detail, submit } = useAttempt(byPassword ? 'change' : 'code', () => {
    const text = byPassword ? typed : typed.replaceAll(/\s/g, '');
    return act(text === '' ? {} : byPassword ? { password: text } : { code: text });
  });
  const common = { value: typed, onChange: setTyped, autoFocus: true };
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      {byPassword ? (
        <Field label={words.proof} hint={words.proofHint} autoComplete="current-password" secret {...common} />
      ) : secondFactor ? (
        <Field
          label={words.proofCode}
          hint={words.proofCodeHint}
          autoComplete="one-time-code"
          required={false}
          maxLength={64}
          {...common}
        />
      ) : null}
      <Refusal text={refusal} detail={detail} />
      <div className="form-row">
        <button type="submit" className="button primary" disabled={busy || (byPassword && typed === '')}>
          {label}
        </button>
      </div>
      {byPassword ? null : <SignInAgain />}
    </form>
  );
}

/** The way to the provider and back here; it asks who it is, even of one whom it knows. */
function SignInAgain() {
  const words = useWords(ME);
  const { data: ways } = useQuery({ queryKey: ['session', 'ways'], queryFn: ({ signal }) => readWays(signal), retry: false });
  return (
    <>
      <p className="form-hint">{words.againHint}</p>
      {ways?.oidc ? (
        <a className="button" href={`${ways.oidc.start}?${new URLSearchParams({ to: '/me', again: 'true' }).toString()}`}>
          {words.again}
        </a>
      ) : null}
    </>
  );
}
