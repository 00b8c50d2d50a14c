import { useEffect, useId, useRef, useState } from 'react';
import { NavLink, useLocation } from 'react-router';
import { useHeldSession, useSession } from '../api/session.tsx';
import { signOutWholly } from '../api/sign-out.ts';
import { useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import { SHELL } from './words.ts';

/** Who one is, what one may, and the way out. */
export function AccountMenu() {
  const words = useWords(SHELL);
  const { roles: roleNames } = useWords(COMMON);
  const { displayName, name, roles, divisions, method } = useSession();
  const { refresh } = useHeldSession();
  const { pathname } = useLocation();
  // Open in the page in which it was opened: gone to another, it is closed.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const open = openAt === pathname;
  const [failed, setFailed] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const onPress = (event: Event) => {
      if (!element.current?.contains(event.target as Node)) setOpenAt(null);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpenAt(null);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', onPress);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('keydown', onKey);
    };
  }, [open]);
  const signOut = async () => {
    setFailed(false);
    try {
      if (!(await signOutWholly(method))) await refresh();
    } catch {
      setFailed(true);
    }
  };
  return (
    <div className="shell-account" ref={element}>
      <button ref={button} type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpenAt(open ? null : pathname)}>
        {displayName} <span aria-hidden="true">▾</span>
      </button>
      <div id={id} className="shell-account-menu" hidden={!open}>
        <strong>{displayName}</strong>
        <span className="soft">{name}</span>
        <span>{roles.map((role) => roleNames[role]).join(' · ')}</span>
        <span className="soft">{divisions.includes('') ? words.everywhere : divisions.join(' · ')}</span>
        <NavLink to="/me">{words.me}</NavLink>
        <button type="button" className="button" onClick={() => void signOut()}>
          {words.signOut}
        </button>
        {failed ? <span role="alert">{words.signOutFailed}</span> : null}
      </div>
    </div>
  );
}
