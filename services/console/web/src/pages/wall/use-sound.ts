import { useCallback, useEffect, useState } from 'react';
import { keepSoundWanted, ring, soundWanted, wakeSound } from './sound.ts';

export type Sound = 'on' | 'off' | 'asleep';

/** Whether the wall rings. `asleep`: it was asked to, and the browser waits for a press since the page was loaded. */
export function useSound(): { sound: Sound; toggle: () => void } {
  const [sound, setSound] = useState<Sound>(() => (soundWanted() ? 'asleep' : 'off'));
  const wake = useCallback(async () => setSound((await wakeSound()) ? 'on' : 'asleep'), []);
  useEffect(() => {
    if (sound !== 'asleep') return;
    // A browser of a wall may be told to let pages sound at once; with others any press will do.
    const onPress = () => void wake();
    onPress();
    window.addEventListener('pointerdown', onPress);
    window.addEventListener('keydown', onPress);
    return () => {
      window.removeEventListener('pointerdown', onPress);
      window.removeEventListener('keydown', onPress);
    };
  }, [sound, wake]);
  const toggle = useCallback(() => {
    const wanted = sound === 'off';
    keepSoundWanted(wanted);
    if (!wanted) return setSound('off');
    // What was switched on is heard at once: so one knows how loud it will be.
    void wake().then(() => ring('major'));
  }, [sound, wake]);
  return { sound, toggle };
}
