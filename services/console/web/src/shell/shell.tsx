import { Suspense } from 'react';
import { NavLink, Outlet } from 'react-router';
import { useLiveStatus } from '../api/live.tsx';
import { useSession } from '../api/session.tsx';
import { useLanguage, useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import { Loading } from '../parts/loading.tsx';
import { useTheme } from '../theme/theme.tsx';
import { PLACES } from './places.ts';
import './shell.css';
import { SHELL } from './words.ts';

/** The frame of every page: where one can go, who one is, light and language, and whether what is shown is live. */
export function Shell() {
  const words = useWords(SHELL);
  const { product } = useWords(COMMON);
  const { language, setLanguage } = useLanguage();
  const { theme, setTheme } = useTheme();
  const { connected } = useLiveStatus();
  const session = useSession();
  const places = PLACES.filter(({ roles }) => session.roles.some((role) => (roles as readonly string[]).includes(role)));
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <header className="shell-bar">
        <span className="shell-product">{product}</span>
        <nav aria-label={words.nav}>
          {places.map(({ key }) => (
            <NavLink key={key} to={`/${key}`}>
              {words[key]}
            </NavLink>
          ))}
        </nav>
        <span className={connected ? 'shell-live' : 'shell-live lost'} role="status">
          {connected ? words.live : words.notLive}
        </span>
        <button type="button" onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}>
          {theme === 'dark' ? words.light : words.dark}
        </button>
        <button type="button" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
          {words.otherLanguage}
        </button>
        <NavLink to="/me">{session.displayName}</NavLink>
      </header>
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
