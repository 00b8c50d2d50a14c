import { useWords } from '../../i18n/language.tsx';
import './plain.css';
import { ME } from './words.ts';

/** The divisions somebody may see; the empty path is the whole country. */
export function Rights({ divisions }: { divisions: readonly string[] }) {
  const words = useWords(ME);
  if (divisions.length === 0) return <span className="soft">{words.nowhere}</span>;
  return (
    <span className="tags">
      {divisions.map((division) => (
        <span key={division} className="tag">
          {division === '' ? words.everywhere : division}
        </span>
      ))}
    </span>
  );
}
