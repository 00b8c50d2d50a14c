import { useEffect, useRef, useSyncExternalStore } from 'react';

const KEPT = 'beacontower.keys';
const CHORD_MS = 1_500;
const followers = new Set<() => void>();

function areOn(): boolean {
  return localStorage.getItem(KEPT) !== 'off';
}

/** Whether single keys do things: somebody who speaks to the computer, or whose hand shakes, may switch them off (WCAG 2.1.4). */
export function useKeysOn(): readonly [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore((follower) => {
    followers.add(follower);
    return () => followers.delete(follower);
  }, areOn);
  const set = (next: boolean) => {
    localStorage.setItem(KEPT, next ? 'on' : 'off');
    for (const follower of followers) follower();
  };
  return [on, set];
}

/** Whether what has the focus does something with the key itself: text and choices with every key, marks and buttons with some. */
function takes(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type)) return key.startsWith('Arrow');
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Single keys, by `event.key`; silent while one types, while a dialog is open, and after `g`, which goes to another page. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const held = useRef(keys);
  held.current = keys;
  const [on] = useKeysOn();
  useEffect(() => {
    if (!on) return;
    let goingAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (takes(event.target, event.key) || document.querySelector('dialog[open]') !== null) return;
      const chord = Date.now() - goingAt < CHORD_MS;
      goingAt = event.key === 'g' && !chord ? Date.now() : 0;
      if (chord) return;
      const act = held.current[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [on]);
}
