/** What a key does in every page. */
export type ShortcutAct = { readonly kind: 'go'; readonly press: string } | { readonly kind: 'search' } | { readonly kind: 'help' };

export interface ShortcutState {
  /** When `g` was pressed, epoch ms; null: it was not. */
  readonly goingAt: number | null;
}

export interface ShortcutStep {
  readonly state: ShortcutState;
  readonly act: ShortcutAct | null;
  /** The key is used up: no page may take it for its own. */
  readonly taken: boolean;
}

const CHORD_MS = 1_500;
const IDLE: ShortcutState = { goingAt: null };

/** One key after the other: `g` and a letter go to a page; `/` searches; `?` helps, unless the page does itself. */
export function nextShortcut({ goingAt }: ShortcutState, key: string, now: number): ShortcutStep {
  // Shift and the like are pressed on the way to a letter.
  if (key === 'Shift' || key === 'Control' || key === 'Alt' || key === 'Meta') return { state: { goingAt }, act: null, taken: false };
  if (goingAt !== null && now - goingAt < CHORD_MS)
    return {
      state: IDLE,
      act: key.length === 1 ? { kind: 'go', press: key.toLowerCase() } : null,
      taken: key !== 'Escape' && key.length === 1,
    };
  if (key === 'g') return { state: { goingAt: now }, act: null, taken: false };
  if (key === '/') return { state: IDLE, act: { kind: 'search' }, taken: true };
  if (key === '?') return { state: IDLE, act: { kind: 'help' }, taken: true };
  return { state: IDLE, act: null, taken: false };
}
