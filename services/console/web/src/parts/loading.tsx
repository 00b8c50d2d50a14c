import { useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import './parts.css';

/** Something is on its way. */
export function Loading() {
  const words = useWords(COMMON);
  return (
    <output className="part-loading" aria-live="polite">
      {words.loading}
    </output>
  );
}
