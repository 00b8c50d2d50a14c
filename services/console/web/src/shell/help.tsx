import { useId } from 'react';
import { useWords } from '../i18n/language.tsx';
import { Dialog } from '../parts/confirm-dialog.tsx';
import { useKeysOn } from '../parts/use-keys.ts';
import type { Place } from './places.ts';
import { SHELL } from './words.ts';

/** Which keys do what in every page, and a way to switch them off. */
export function Help({ open, places, onClose }: { open: boolean; places: readonly Place[]; onClose: () => void }) {
  const words = useWords(SHELL);
  const [on, setOn] = useKeysOn();
  const id = useId();
  return (
    <Dialog open={open} title={words.keys} onClose={onClose}>
      <div className="shell-help">
        <dl>
          {places.map(({ key, press }) => (
            <div key={key}>
              <dt>
                <kbd>g</kbd> <kbd>{press}</kbd>
              </dt>
              <dd>{words[key]}</dd>
            </div>
          ))}
        </dl>
        <dl>
          {(['/', '?', 'Esc', 'Tab', 'Enter'] as const).map((key) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{words.keyTells[key]}</dd>
            </div>
          ))}
          <div>
            <dt>
              <kbd>↑</kbd> <kbd>↓</kbd> <kbd>j</kbd> <kbd>k</kbd>
            </dt>
            <dd>{words.keyTells.arrows}</dd>
          </div>
        </dl>
      </div>
      <p>
        <label htmlFor={id}>
          <input id={id} type="checkbox" checked={on} onChange={(event) => setOn(event.target.checked)} /> {words.keysOn}
        </label>
      </p>
    </Dialog>
  );
}
