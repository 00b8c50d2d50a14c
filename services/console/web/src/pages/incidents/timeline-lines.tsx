import type { IncidentDetail, IncidentSummary } from '@beacontower/contracts';
import { Link } from 'react-router';
import { useSession } from '../../api/session.tsx';
import { useNames } from '../../api/use-names.ts';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Moment } from '../../parts/since.tsx';
import { factsOf, isAlarming, type LineFacts, sortOf } from './timeline-facts.ts';
import { lineText, STEPS, type Telling } from './timeline-words.ts';
import { CATEGORIES } from './words.ts';

type Lines = IncidentDetail['timeline'];
const SHOWN_OBJECTS = 6;

/** Words that lines need: of severities, steps and categories, and moments in the node's zone. */
export function useTelling(): Telling {
  const { node } = useSession();
  const { language } = useLanguage();
  const { severities } = useWords(COMMON);
  const steps: Readonly<Record<string, string | undefined>> = useWords(STEPS);
  const categories: Readonly<Record<string, string | undefined>> = useWords(CATEGORIES);
  const { person } = useNames();
  return {
    severity: (severity) => severities[severity as IncidentSummary['severity']] ?? severity ?? '—',
    step: (step) => (step === null ? '—' : (steps[step] ?? step)),
    category: (code) => categories[code] ?? code,
    time: (at) => formatTime(at, node.timeZone),
    list: (names) => names.map(person).join(language === 'zh' ? '、' : ', '),
  };
}

/** Lines of a timeline in words. `names`: of objects that are known. */
export function TimelineLines({ lines, names }: { lines: Lines; names?: ReadonlyMap<string, string> }) {
  const { language } = useLanguage();
  const telling = useTelling();
  const { person, party } = useNames();
  if (lines.length === 0) return null;
  return (
    <ol className="timeline">
      {keyed(lines).map(({ key, at, kind, actor, detail, node }) => {
        const read = factsOf(actor === 'system' || node !== null ? actor : person(actor), detail);
        const facts: LineFacts = {
          ...read,
          to: read.to === null ? null : person(read.to),
          from: read.from === null ? null : person(read.from),
          owner: read.owner === null ? null : person(read.owner),
          contact: read.contact === null ? null : person(read.contact),
          party: read.party == null ? read.party : party(read.party),
        };
        const words = facts.text ?? facts.note;
        return (
          <li key={key} className={`line line-${sortOf(kind, actor)}${isAlarming(kind) ? ' alarming' : ''}`}>
            <Moment at={at} parts="full" />
            <div>
              {node === null ? null : <span className="line-node">{node} </span>}
              <span className="line-text">{lineText(kind, facts, language, telling)}</span>
              {words === null ? null : <blockquote>{words}</blockquote>}
              {facts.error === null ? null : <p className="soft figures">{facts.error}</p>}
              <Objects facts={facts} names={names} />
              {facts.incident === null ? null : (
                <Link to={`/incidents/${facts.incident}`}>{facts.number === null ? '→' : `#${facts.number}`}</Link>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** A key of each line that stays its own: of lines alike in all that is known, which of them it is. */
function keyed(lines: Lines): (Lines[number] & { readonly key: string })[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const alike = `${line.at} ${line.kind} ${line.actor} ${line.node ?? ''}`;
    const count = seen.get(alike) ?? 0;
    seen.set(alike, count + 1);
    return { ...line, key: `${alike} ${count}` };
  });
}

function Objects({ facts, names }: { facts: LineFacts; names: ReadonlyMap<string, string> | undefined }) {
  const { objects, count } = facts;
  if (objects.length === 0) return null;
  const more = Math.max(count, objects.length) - Math.min(objects.length, SHOWN_OBJECTS);
  return (
    <span className="line-objects">
      {objects.slice(0, SHOWN_OBJECTS).map((object) => (
        <Link key={object} to={`/objects/${encodeURIComponent(object)}`}>
          {names?.get(object) ?? object}
        </Link>
      ))}
      {more > 0 ? <span className="soft">+{more}</span> : null}
    </span>
  );
}
