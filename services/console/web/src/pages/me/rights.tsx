import { useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import '../../parts/cards.css';
import { ME } from './words.ts';

/** The divisions somebody may see; the empty path is everything, and the node's own is all that it has. */
export function Rights({ divisions }: { divisions: readonly string[] }) {
  const words = useWords(ME);
  const { node } = useSession();
  if (divisions.length === 0) return <span className="soft">{words.nowhere}</span>;
  return (
    <span className="tags">
      {divisions.map((division) => (
        <span key={division} className="tag">
          {division === '' ? words.everywhere : division === node.division ? words.wholeNode(division) : division}
        </span>
      ))}
    </span>
  );
}
