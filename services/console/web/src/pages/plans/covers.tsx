import { useNames } from '../../api/use-names.ts';
import { useLanguage } from '../../i18n/language.tsx';
import { ObjectLink } from './object-link.tsx';

const SHOWN = 4;

/** What it covers, in short: divisions by name, the first objects, and what else it is about. */
export function Covers({
  objects,
  divisions,
  rest = [],
}: {
  objects: readonly string[];
  divisions: readonly string[];
  rest?: readonly string[];
}) {
  const { division } = useNames();
  const { language } = useLanguage();
  const places = divisions.map(division).join(language === 'zh' ? '、' : ', ');
  return (
    <span className="covers">
      {places === '' ? null : <span>{places}</span>}
      {objects.slice(0, SHOWN).map((object) => (
        <ObjectLink key={object} id={object} />
      ))}
      {objects.length > SHOWN ? <span className="soft">+{objects.length - SHOWN}</span> : null}
      {rest.map((word) => (
        <span key={word} className="soft">
          {word}
        </span>
      ))}
    </span>
  );
}
