import type { NodeDetail } from '@beacontower/contracts';
import { useId } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { Moment, Since } from '../../parts/since.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { NODES } from './words.ts';

const ALL_STATES = ['down', 'degraded', 'unknown', 'up'] as const;

/** What the collectors here see at the place of the node. */
export function Landing({ landing }: { landing: NodeDetail['landing'] }) {
  const words = useWords(NODES);
  const { nameOf } = useNaming();
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{words.landing}</h2>
      {landing.length === 0 ? <p className="soft">{words.noLanding}</p> : null}
      <ul className="node-places">
        {landing.map((each) => (
          <li key={each.object}>
            <Link to={`/objects/${encodeURIComponent(each.object)}`}>{nameOf(each)}</Link> <StateMark state={each.state} />{' '}
            <Since at={each.since} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ToldProps {
  readonly told: NonNullable<NodeDetail['told']>;
  readonly at: string | null;
  /** It is not heard: what it told last may be over. */
  readonly isSilent: boolean;
}

/** What the node itself told last of its objects. */
export function Told({ told, at, isSilent }: ToldProps) {
  const words = useWords(NODES);
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{words.told}</h2>
        <Moment at={at} />
      </div>
      <p className="node-places">
        {ALL_STATES.map((state) => (
          <span key={state}>
            <StateMark state={state} /> <span className="figures">{told[state]}</span>
          </span>
        ))}
      </p>
      {isSilent ? <p className="note">{words.toldHint}</p> : null}
    </section>
  );
}

/** Nodes that report to it. */
export function Below({ below }: { below: NodeDetail['below'] }) {
  const words = useWords(NODES);
  const { nameOf } = useNaming();
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{words.below}</h2>
      <ul className="node-places">
        {below.map((each) => (
          <li key={each.id}>
            <Link to={`/nodes/${encodeURIComponent(each.id)}`}>{nameOf(each)}</Link>{' '}
            <span className="soft">{words.states[each.state]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
