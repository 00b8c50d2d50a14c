import { Suspense, useRef, useState } from 'react';
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { useLiveStatus } from '../api/live.tsx';
import { useSession } from '../api/session.tsx';
import { useLanguage, useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import { Loading } from '../parts/loading.tsx';
import { useTheme } from '../theme/theme.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Boundary } from './boundary.tsx';
import { Help } from './help.tsx';
import { Notices } from './notices.tsx';
import { homeOf, PLACE_GROUPS, type Place, placesOf } from './places.ts';
import { Search } from './search.tsx';
import './shell.css';
import { useShortcuts } from './use-shortcuts.ts';
import { SHELL } from './words.ts';

/** The frame of every page: where one can go, who one is, light and language, and whether what is shown is live. */
export function Shell() {
  const words = useWords(SHELL);
  const { product } = useWords(COMMON);
  const { roles } = useSession();
  const { pathname } = useLocation();
  const places = placesOf(roles);
  const wall = pathname === '/wall';
  // Open in the page in which it was opened: gone to another, it is closed.
  const [menuAt, setMenuAt] = useState<string | null>(null);
  const menu = menuAt === pathname;
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  useShortcuts(places, { search: () => search.current?.focus(), help: () => setHelp(true) });
  const reads = places.some(({ key }) => key === 'objects');
  return (
    <div className={`shell${wall ? ' on-wall' : ''}${menu ? ' with-menu' : ''}`}>
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <header className="shell-bar">
        <button
          type="button"
          className="shell-menu"
          aria-expanded={menu}
          aria-controls="navigation"
          onClick={() => setMenuAt(menu ? null : pathname)}
        >
          <span aria-hidden="true">☰</span>
          <span className="unseen">{words.menu}</span>
        </button>
        <Link to={homeOf(roles)} className="shell-product">
          {product}
        </Link>
        {wall ? <WallPlaces places={places} /> : null}
        {reads ? <Search input={search} /> : <span className="shell-space" />}
        {reads ? <Live /> : null}
        <Switches onHelp={() => setHelp(true)} />
        <AccountMenu />
      </header>
      <Notices wall={wall} reads={reads} />
      <div className="shell-body">
        <Navigation places={places} />
        <main id="main" tabIndex={-1}>
          <Boundary>
            <Suspense fallback={<Loading />}>
              <Outlet />
            </Suspense>
          </Boundary>
        </main>
      </div>
      <Help open={help} places={places} onClose={() => setHelp(false)} />
    </div>
  );
}

function Navigation({ places }: { places: readonly Place[] }) {
  const words = useWords(SHELL);
  return (
    <nav id="navigation" className="shell-nav" aria-label={words.nav}>
      {PLACE_GROUPS.map((group) => {
        const own = places.filter((place) => place.group === group);
        return own.length === 0 ? null : (
          <div key={group}>
            <h2>{words.groups[group]}</h2>
            <ul>
              {own.map(({ key, press }) => (
                <li key={key}>
                  <NavLink to={`/${key}`} title={`g ${press}`}>
                    {words[key]}
                  </NavLink>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

/** On the wall there is no navigation at the side; where one goes most is in the bar. */
function WallPlaces({ places }: { places: readonly Place[] }) {
  const words = useWords(SHELL);
  return (
    <nav className="shell-wall-places" aria-label={words.nav}>
      {places
        .filter(({ group }) => group === 'watch')
        .map(({ key }) => (
          <NavLink key={key} to={`/${key}`}>
            {words[key]}
          </NavLink>
        ))}
    </nav>
  );
}

function Live() {
  const words = useWords(SHELL);
  const { connected } = useLiveStatus();
  return (
    <span className={connected ? 'shell-live' : 'shell-live lost'} role="status">
      {connected ? words.live : words.notLive}
    </span>
  );
}

function Switches({ onHelp }: { onHelp: () => void }) {
  const words = useWords(SHELL);
  const { language, setLanguage } = useLanguage();
  const { theme, setTheme } = useTheme();
  return (
    <>
      <button type="button" onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}>
        {theme === 'dark' ? words.light : words.dark}
      </button>
      <button type="button" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
        {words.otherLanguage}
      </button>
      <button type="button" aria-label={words.keys} aria-keyshortcuts="?" onClick={onHelp}>
        ?
      </button>
    </>
  );
}
