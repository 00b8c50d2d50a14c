import type { ObjectDetail } from '@beacontower/contracts';
import { Link } from 'react-router';
import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { Moment, Since } from '../../parts/since.tsx';
import { StateShape } from '../../parts/state-mark.tsx';
import { CHECK_WORDS } from './check-words.ts';
import { OBJECT } from './object-words.ts';
import { REASON_WORDS } from './reason-words.ts';
import { useDirectory } from './use-directory.ts';
import { decidingChecks } from './why.ts';

/** What one wants to know first: how it does, since when, why, and who answers for it. */
export function Head({ object, staleSince }: { object: ObjectDetail; staleSince: number | null }) {
  const words = useWords(OBJECT);
  const common = useWords(COMMON);
  const shownName = useNaming().nameOf(object);
  const { node } = useSession();
  const { division, party } = useDirectory();
  return (
    <section className={`card object-head state-ground-${object.state}`} aria-label={common.states[object.state]}>
      <div className="object-now">
        <span className={`object-state state-${object.state}`}>
          <StateShape state={object.state} size={34} />
          <strong>{common.states[object.state]}</strong>
        </span>
        <span className="object-since">
          {object.since === null ? (
            words.notJudged
          ) : (
            <>
              {words.since} <Since at={object.since} />{' '}
              <span className="soft">
                {common.since} <Moment at={object.since} />
              </span>
            </>
          )}
        </span>
        {object.maintenance ? <span className="maintenance-mark">{common.maintenance}</span> : null}
        {staleSince === null ? null : (
          <span role="alert" className="object-stale">
            {words.stale(formatTime(staleSince, node.timeZone))}
          </span>
        )}
      </div>
      {object.unobserved === null ? <Why object={object} /> : <Unobserved of={object.unobserved} />}
      {object.incident === null ? null : (
        <p className="object-incident">
          <Link to={`/incidents/${encodeURIComponent(object.incident)}`}>{words.underIncident} →</Link>
        </p>
      )}
      {object.quiet ? <p className="soft">{words.quiet}</p> : null}
      <p className="object-about soft">
        <span className="object-kind">{common.kinds[object.kind]}</span>
        <span>{common.classes[object.class]}</span>
        <Link to={`/objects?division=${encodeURIComponent(object.division)}`}>{division(object.division)}</Link>
        {object.party === null ? null : (
          <span>
            {words.party}: {party(object.party)}
          </span>
        )}
        {shownName === object.name ? null : <span lang="zh-CN">{object.name}</span>}
        <span className="figures">{object.id}</span>
      </p>
    </section>
  );
}

/** Why nothing is known of it here: the node that judges it is not heard. */
function Unobserved({ of }: { of: NonNullable<ObjectDetail['unobserved']> }) {
  const words = useWords(OBJECT);
  const name = useNaming().nameOf(of);
  return (
    <p className="object-why" role="status">
      <Link to={`/nodes/${encodeURIComponent(of.node)}`}>{words.unobserved(name)}</Link>{' '}
      {of.since === null ? (
        words.neverObserved
      ) : (
        <>
          <Moment at={of.since} /> {words.unobservedSince}
        </>
      )}
    </p>
  );
}

/** Why it is in its state: each check that makes it so, and what was met there. */
function Why({ object }: { object: ObjectDetail }) {
  const words = useWords(OBJECT);
  const reasons = useWords(REASON_WORDS);
  const checkWords = useWords(CHECK_WORDS);
  const deciding = decidingChecks(object);
  if (deciding.length === 0) return null;
  return (
    <p className="object-why">
      <span className="soft">{words.why}: </span>
      {deciding.map((check, place) => (
        <span key={check.id}>
          {place === 0 ? '' : checkWords.and}
          {checkWords.name(check)} {check.reason === null ? words.notJudged : reasons[check.reason]}
          {check.detail === null ? '' : checkWords.met(check.detail.text)}
        </span>
      ))}
    </p>
  );
}
