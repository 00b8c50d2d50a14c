import { useEffect, useState } from 'react';
import { useWords } from '../../i18n/language.tsx';
import type { Sound } from './use-sound.ts';
import { WALL } from './words.ts';

/** What one may switch on the wall: its sound, and the frame around it. */
export function Controls({ sound, onSound }: { sound: Sound; onSound: () => void }) {
  const words = useWords(WALL);
  const { full, toggle } = useFullScreen();
  return (
    <div className="wall-controls">
      <button
        type="button"
        className={`sound-${sound}`}
        aria-pressed={sound !== 'off'}
        title={sound === 'off' ? words.soundOffTitle : words.soundOnTitle}
        onClick={onSound}
      >
        <SoundShape on={sound === 'on'} />
        {sound === 'on' ? words.soundOn : sound === 'off' ? words.soundOff : words.soundAsleep}
      </button>
      <button type="button" onClick={toggle}>
        {full ? words.leaveFullScreen : words.fullScreen}
      </button>
    </div>
  );
}

function SoundShape({ on }: { on: boolean }) {
  return (
    <svg className="sound-shape" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M1 6v4h3l4 4V2L4 6z" />
      <path className="line" d={on ? 'M10.5 5.5a3.5 3.5 0 0 1 0 5M12.5 3a7 7 0 0 1 0 10' : 'm10.5 6 4 4m0-4-4 4'} />
    </svg>
  );
}

function useFullScreen(): { full: boolean; toggle: () => void } {
  const [full, setFull] = useState(() => document.fullscreenElement !== null);
  useEffect(() => {
    const onChange = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, []);
  const toggle = () => {
    // Where the browser does not let a page, nothing happens: its own key does it.
    const done = document.fullscreenElement === null ? document.documentElement.requestFullscreen() : document.exitFullscreen();
    done.catch(() => undefined);
  };
  return { full, toggle };
}
