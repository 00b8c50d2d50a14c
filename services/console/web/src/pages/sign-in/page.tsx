import type { SessionView } from '@beacontower/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { useHeldSession } from '../../api/session.tsx';
import { signOutWholly } from '../../api/sign-out.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { SHELL } from '../../shell/words.ts';
import { useTheme } from '../../theme/theme.tsx';
import { Credentials } from './credentials.tsx';
import { NewPassword } from './new-password.tsx';
import { placeAfter } from './place-after.ts';
import { Enrol, SecondFactor } from './second-factor.tsx';
import './sign-in.css';
import { SIGN_IN } from './words.ts';

/** Signing in, step by step, until the session opens the rest; then back to where one wanted to go. */
export default function SignInPage() {
  const words = useWords(SIGN_IN);
  const { session, loading, error, refresh } = useHeldSession();
  const [query] = useSearchParams();
  const [keepingCodes, setKeepingCodes] = useState(false);
  const to = placeAfter(query.get('to'), session?.roles ?? []);
  if (loading) return <Loading />;
  if (error !== null && session === null) return <Failure error={error} onRetry={() => void refresh()} />;
  if (session === null)
    return (
      <Frame title={words.title}>
        <ProviderRefusal code={query.get('oidc')} />
        <Credentials onDone={refresh} to={to} />
      </Frame>
    );
  switch (keepingCodes ? 'enrol' : session.stage) {
    case 'second-factor':
      return (
        <Frame title={words.codeTitle} session={session}>
          <SecondFactor onDone={refresh} />
        </Frame>
      );
    case 'change-password':
      return (
        <Frame title={words.passwordTitle} session={session}>
          <p className="form-hint">{words.passwordWhy}</p>
          <NewPassword name={session.name} displayName={session.displayName} rules={session.passwordRules} forced onDone={refresh} />
        </Frame>
      );
    case 'enrol':
      return (
        <Frame title={words.enrolTitle} session={session}>
          <p className="form-hint">{words.enrolWhy}</p>
          <Enrol
            onCodes={() => setKeepingCodes(true)}
            onDone={async () => {
              await refresh();
              setKeepingCodes(false);
            }}
          />
        </Frame>
      );
    case 'full':
      return <Navigate to={to} replace />;
  }
}

/** Why the identity provider's way did not lead in. */
function ProviderRefusal({ code }: { code: string | null }) {
  const words = useWords(SIGN_IN);
  if (code === null) return null;
  const texts: Readonly<Record<string, string>> = words.oidcRefusals;
  return (
    <div className="sign-in-notice" role="alert">
      <strong>{words.oidcFailed}</strong>
      <p>{texts[code] ?? words.errors.failed}</p>
    </div>
  );
}

function Frame({ title, session, children }: { title: string; session?: SessionView; children: ReactNode }) {
  const words = useWords(SIGN_IN);
  const shell = useWords(SHELL);
  const { product } = useWords(COMMON);
  const { language, setLanguage } = useLanguage();
  const { theme, setTheme } = useTheme();
  const { refresh } = useHeldSession();
  const queries = useQueryClient();
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  const leave = async () => {
    if (await signOutWholly(session?.method ?? null).catch(() => false)) return;
    queries.clear();
    await refresh();
  };
  return (
    <div className="sign-in">
      <div className="sign-in-tools">
        <button type="button" className="button small" onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}>
          {theme === 'dark' ? shell.light : shell.dark}
        </button>
        <button
          type="button"
          className="button small"
          lang={language === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
        >
          {shell.otherLanguage}
        </button>
      </div>
      <main className="sign-in-card">
        <Beacon />
        <h1>{title}</h1>
        <p className="sign-in-slogan">{session ? words.as(session.displayName || session.name) : words.slogan}</p>
        {children}
        {session ? (
          <button type="button" className="button wide" onClick={() => void leave()}>
            {words.signOut}
          </button>
        ) : null}
      </main>
    </div>
  );
}

/** The product's mark: a beacon tower with its fire. */
function Beacon() {
  return (
    <svg className="sign-in-mark" viewBox="0 0 32 32" width="56" height="56" aria-hidden="true">
      <path className="tower" d="M10 30 12 16h8l2 14zM11 15h10l1-3H10z" />
      <path className="fire" d="M16 1c3 3 4 5 4 7a4 4 0 0 1-8 0c0-2 1-2 2-4 .7 1 1 1 2 1 0-1-.6-2 0-4z" />
    </svg>
  );
}
