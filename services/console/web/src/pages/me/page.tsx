import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useHeldSession, useSession } from '../../api/session.tsx';
import { signOutWholly } from '../../api/sign-out.ts';
import { formatDuration } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Page } from '../../parts/page.tsx';
import { Moment } from '../../parts/since.tsx';
import { NewPassword } from '../sign-in/new-password.tsx';
import { OwnFactor } from './own-factor.tsx';
import { OwnSessions } from './own-sessions.tsx';
import '../../parts/cards.css';
import { ProblemNote } from '../../parts/problem.tsx';
import { Rights } from './rights.tsx';
import { ME } from './words.ts';

/** One's own account: who one is here, password, second factor, and where one is signed in. */
export default function MePage() {
  const words = useWords(ME);
  const session = useSession();
  const { refresh } = useHeldSession();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const leave = async () => {
    try {
      if (await signOutWholly(session.method)) return;
      queries.clear();
      await refresh();
    } catch (failure) {
      setError(failure);
    }
  };
  const out =
    session.id === null ? null : (
      <button type="button" className="button" onClick={() => void leave()}>
        {words.signOut}
      </button>
    );
  return (
    <Page title={words.title} actions={out}>
      <ProblemNote error={error} />
      <div className="cards">
        <Who />
        {session.method === 'token' ? null : <OwnFactor />}
        {session.method === 'password' ? (
          <OwnPassword />
        ) : (
          <section className="card">
            <p className="form-hint">{session.method === 'oidc' ? words.external : words.byToken}</p>
          </section>
        )}
        {session.id === null || session.method === 'token' ? null : <OwnSessions />}
      </div>
    </Page>
  );
}

function Who() {
  const words = useWords(ME);
  const common = useWords(COMMON);
  const { language } = useLanguage();
  const session = useSession();
  return (
    <section className="card" aria-labelledby="who">
      <h2 id="who">{words.who}</h2>
      <dl className="facts">
        <dt>{words.name}</dt>
        <dd>{session.name}</dd>
        <dt>{words.displayName}</dt>
        <dd>{session.displayName}</dd>
        <dt>{words.roles}</dt>
        <dd>{session.roles.map((role) => common.roles[role]).join('、') || words.nowhere}</dd>
        <dt>{words.divisions}</dt>
        <dd>
          <Rights divisions={session.divisions} />
        </dd>
        <dt>{words.method}</dt>
        <dd>{words.methods[session.method]}</dd>
        {session.method === 'password' ? (
          <>
            <dt>{words.passwordExpires}</dt>
            <dd>{session.passwordExpiresAt === null ? words.never : <Moment at={session.passwordExpiresAt} parts="minute" />}</dd>
          </>
        ) : null}
        <dt>{words.idle}</dt>
        <dd>{session.idleMs === null ? words.noIdle : formatDuration(session.idleMs, language)}</dd>
        {session.expiresAt === null ? null : (
          <>
            <dt>{words.sessionEnds}</dt>
            <dd>
              <Moment at={session.expiresAt} parts="minute" />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function OwnPassword() {
  const words = useWords(ME);
  const session = useSession();
  const { refresh } = useHeldSession();
  const [done, setDone] = useState(false);
  return (
    <section className="card" aria-labelledby="own-password">
      <h2 id="own-password">{words.password}</h2>
      {done ? <output className="note good">{words.passwordDone}</output> : null}
      <NewPassword
        name={session.name}
        displayName={session.displayName}
        rules={session.passwordRules}
        forced={false}
        onDone={async () => {
          setDone(true);
          await refresh();
        }}
      />
    </section>
  );
}
