import type { LinkFacts } from '@beacontower/contracts';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { Moment, Since } from '../../parts/since.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { DETAIL } from './detail-words.ts';

/** Of a node that is not heard: since when, how much that hides, and what is seen of its landing device from here. */
export function LinkFactsView({ facts }: { facts: LinkFacts }) {
  const { link: words } = useWords(DETAIL);
  const { nameOf } = useNaming();
  return (
    <dl className="pairs">
      <div>
        <dt className="soft">{words.heardAt}</dt>
        <dd>
          <Moment at={facts.heardAt} />
        </dd>
      </div>
      <div>
        <dt className="soft">{words.observedUntil}</dt>
        <dd>
          <Moment at={facts.observedUntil} />
        </dd>
      </div>
      <div>
        <dt className="soft">{words.objects}</dt>
        <dd className="figures">{facts.objects}</dd>
      </div>
      <div>
        <dt className="soft">{words.others}</dt>
        <dd className="figures">
          {facts.othersSilent} / {facts.others}
        </dd>
      </div>
      {facts.refused === null ? null : (
        <div>
          <dt className="soft">{words.refused}</dt>
          <dd>
            <code>{facts.refused.code}</code> {facts.refused.detail}
          </dd>
        </div>
      )}
      <div>
        <dt className="soft">{words.landing}</dt>
        <dd>
          {facts.landing.length === 0 ? <span className="soft">{words.noLanding}</span> : null}
          {facts.landing.map((landing) => (
            <div key={landing.object}>
              <Link to={`/objects/${encodeURIComponent(landing.object)}`}>{nameOf(landing)}</Link> <StateMark state={landing.state} />{' '}
              <Since at={landing.since} />
            </div>
          ))}
        </dd>
      </div>
      <div>
        <dt className="soft">{facts.name}</dt>
        <dd>
          <Link to={`/nodes/${encodeURIComponent(facts.node)}`}>{words.toNode}</Link>
        </dd>
      </div>
    </dl>
  );
}
