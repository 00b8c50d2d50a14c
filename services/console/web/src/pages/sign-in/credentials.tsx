import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Field, Refusal } from '../../parts/field.tsx';
import { readWays, signInByPassword, signInByToken } from './calls.ts';
import { type Attempt, detailOf, refusalOf } from './refusal.ts';
import { SIGN_IN } from './words.ts';

/** Who one is: by name and password, by the identity provider, or as a wall by a token. */
export function Credentials({ onDone, to }: { onDone: () => Promise<void>; to: string }) {
  const words = useWords(SIGN_IN);
  const common = useWords(COMMON);
  const {
    data: ways,
    error,
    refetch,
  } = useQuery({ queryKey: ['session', 'ways'], queryFn: ({ signal }) => readWays(signal), retry: false });
  const refused = ways && !ways.password;
  return (
    <>
      {error === null ? null : (
        <div className="sign-in-notice" role="alert">
          {words.waysFailed}
          <button type="button" className="button small" onClick={() => void refetch()}>
            {common.retry}
          </button>
        </div>
      )}
      {refused ? (
        <div className="sign-in-notice" role="status">
          <strong>{words.notHere}</strong>
          {ways.reason === null ? null : <p>{ways.reason}</p>}
        </div>
      ) : (
        <ByPassword onDone={onDone} />
      )}
      {ways?.oidc ? (
        <>
          {refused ? null : <p className="sign-in-or">{words.or}</p>}
          {/* A real way to another page, not a question of this one: the provider answers with its own pages. */}
          <a className="button wide" href={`${ways.oidc.start}${ways.oidc.start.includes('?') ? '&' : '?'}to=${encodeURIComponent(to)}`}>
            {words.oidc(ways.oidc.name)}
          </a>
        </>
      ) : null}
      <details className="sign-in-wall">
        <summary>{words.wall}</summary>
        <p className="form-hint">{words.wallHint}</p>
        <ByToken onDone={onDone} />
      </details>
    </>
  );
}

function ByPassword({ onDone }: { onDone: () => Promise<void> }) {
  const words = useWords(SIGN_IN);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { busy, refusal, detail, submit } = useAttempt('password', async () => {
    await signInByPassword(name, password);
    await onDone();
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    // What was wrong is typed anew; what was right is not kept.
    setPassword('');
    void submit();
  };
  return (
    <form className="form" onSubmit={send}>
      <Field label={words.name} value={name} onChange={setName} autoComplete="username" autoFocus maxLength={100} />
      <Field label={words.password} value={password} onChange={setPassword} autoComplete="current-password" secret maxLength={1024} />
      <Refusal text={refusal} detail={detail} />
      <button type="submit" className="button primary wide" disabled={busy || name.trim() === '' || password === ''}>
        {busy ? words.working : words.signIn}
      </button>
    </form>
  );
}

function ByToken({ onDone }: { onDone: () => Promise<void> }) {
  const words = useWords(SIGN_IN);
  const [token, setToken] = useState('');
  const { busy, refusal, detail, submit } = useAttempt('token', async () => {
    await signInByToken(token.trim());
    await onDone();
  });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field label={words.token} value={token} onChange={setToken} autoComplete="off" secret maxLength={512} />
      <Refusal text={refusal} detail={detail} />
      <button type="submit" className="button wide" disabled={busy || token.trim() === ''}>
        {busy ? words.working : words.signIn}
      </button>
    </form>
  );
}

/** One attempt at a time, and in words why it was refused. */
export function useAttempt(attempt: Attempt, act: () => Promise<void>) {
  const words = useWords(SIGN_IN);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    submit,
    refusal: error === null ? null : words.errors[refusalOf(error, attempt)],
    detail: detailOf(error, words.faults, attempt),
  };
}
