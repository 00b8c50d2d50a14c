import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { useKeysOn } from '../parts/use-keys.ts';
import type { Place } from './places.ts';
import { nextShortcut, type ShortcutState } from './shortcuts.ts';

function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Keys of every page. What a page does with a key itself goes before, but for the letter after `g`. */
export function useShortcuts(places: readonly Place[], acts: { readonly search: () => void; readonly help: () => void }): void {
  const navigate = useNavigate();
  const [on] = useKeysOn();
  const held = useRef({ places, acts });
  held.current = { places, acts };
  useEffect(() => {
    if (!on) return;
    let state: ShortcutState = { goingAt: null };
    const step = (event: KeyboardEvent, chordOnly: boolean) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (takesText(event.target) || document.querySelector('dialog[open], .ant-modal-wrap') !== null) return;
      if (chordOnly && state.goingAt === null) return;
      const next = nextShortcut(state, event.key, Date.now());
      state = next.state;
      if (!next.taken) return;
      event.preventDefault();
      if (chordOnly) event.stopImmediatePropagation();
      if (next.act?.kind === 'search') held.current.acts.search();
      else if (next.act?.kind === 'help') held.current.acts.help();
      else if (next.act?.kind === 'go') {
        const { press } = next.act;
        const place = held.current.places.find((one) => one.press === press);
        if (place) void navigate(`/${place.key}`);
      }
    };
    // A letter after `g` is taken before any page sees it; everything else after every page has.
    const first = (event: KeyboardEvent) => step(event, true);
    const last = (event: KeyboardEvent) => {
      if (state.goingAt === null) step(event, false);
    };
    window.addEventListener('keydown', first, { capture: true });
    window.addEventListener('keydown', last);
    return () => {
      window.removeEventListener('keydown', first, { capture: true });
      window.removeEventListener('keydown', last);
    };
  }, [on, navigate]);
}
