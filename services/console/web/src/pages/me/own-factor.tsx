import { type FormEvent, type ReactNode, useState } from 'react';
import { useHeldSession, useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { Field, Refusal } from '../../parts/field.tsx';
import { removeSecondFactor } from '../sign-in/calls.ts';
import { useAttempt } from '../sign-in/credentials.tsx';
import { Enrol } from '../sign-in/second-factor.tsx';
import { ME } from './words.ts';

type Doing = 'nothing' | 'setting-up' | 'removing' | 'done';

/** One's second factor: set up, changed for another, done without where the policy allows it. */
export function OwnFactor() {
  const words = useWords(ME);
  const { secondFactor } = useSession();
  const { refresh } = useHeldSession();
  const [doing, setDoing] = useState<Doing>('nothing');
  const finish = async () => {
    setDoing('done');
    await refresh();
  };
  return (
    <section className="card" aria-labelledby="own-factor">
      <div className="card-head">
        <h2 id="own-factor">{words.factor}</h2>
        <span className={secondFactor ? 'tag good' : 'tag warn'}>{secondFactor ? words.factorOn : words.factorOff}</span>
      </div>
      {doing === 'done' ? <div className="note good">{words.factorDone}</div> : null}
      <p className="form-hint">{secondFactor ? words.factorNewHint : words.factorWhy}</p>
      {doing === 'setting-up' ? <SettingUp hadOne={secondFactor} onDone={finish} /> : null}
      {doing === 'removing' ? (
        <Removing
          onDone={async () => {
            setDoing('nothing');
            await refresh();
          }}
        />
      ) : null}
      {doing === 'nothing' || doing === 'done' ? (
        <div className="form-row">
          <button type="button" className="button" onClick={() => setDoing('setting-up')}>
            {secondFactor ? words.factorNew : words.factorBegin}
          </button>
          {secondFactor ? (
            <button type="button" className="button" onClick={() => setDoing('removing')}>
              {words.factorRemove}
            </button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

// Who holds an open session is asked for the password again before the second factor is touched; `Enrol` begins by it.
function SettingUp({ hadOne, onDone }: { hadOne: boolean; onDone: () => Promise<void> }) {
  const [had] = useState(hadOne);
  const [password, setPassword] = useState<string | null>(had ? null : '');
  const words = useWords(ME);
  if (password === null)
    return (
      <Proof
        label={words.next}
        act={(typed) => {
          setPassword(typed);
          return Promise.resolve();
        }}
      />
    );
  return <Enrol password={password} onDone={onDone} />;
}

function Removing({ onDone }: { onDone: () => Promise<void> }) {
  const words = useWords(ME);
  return (
    <Proof
      label={words.factorRemove}
      act={async (password) => {
        await removeSecondFactor(password);
        await onDone();
      }}
    >
      <p className="note bad">{words.factorRemoveAsk}</p>
    </Proof>
  );
}

function Proof({ label, act, children }: { label: string; act: (password: string) => Promise<void>; children?: ReactNode }) {
  const words = useWords(ME);
  const [password, setPassword] = useState('');
  const { busy, refusal, detail, submit } = useAttempt('change', () => act(password));
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      <Field
        label={words.proof}
        hint={words.proofHint}
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        secret
        autoFocus
      />
      <Refusal text={refusal} detail={detail} />
      <div className="form-row">
        <button type="submit" className="button primary" disabled={busy || password === ''}>
          {label}
        </button>
      </div>
    </form>
  );
}
