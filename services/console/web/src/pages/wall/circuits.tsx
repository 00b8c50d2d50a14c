import type { Wall, WallCircuit } from '@beacontower/contracts';
import { memo } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { Since } from '../../parts/since.tsx';
import { StateShape } from '../../parts/state-mark.tsx';
import { orderCircuits, trafficNow } from './order.ts';
import { useFit } from './use-fit.ts';
import { WALL } from './words.ts';

const ROW_EM = 1.9;
const COLUMNS = 2;
const ALL_STATES = ['down', 'degraded', 'unknown', 'up'] as const;

/** Backbone circuits with how full they are, each way; those in trouble first. */
export const Circuits = memo(function Circuits({ wall, stale }: { wall: Wall; stale: boolean }) {
  const words = useWords(WALL);
  const { states } = useWords(COMMON);
  const { ref, fits } = useFit<HTMLUListElement>(ROW_EM, COLUMNS);
  const shown = orderCircuits(wall.circuits).slice(0, fits);
  return (
    <section className="wall-panel wall-circuits" aria-labelledby="wall-circuits">
      <header>
        <h2 id="wall-circuits">
          <Link to="/objects?kind=circuit&class=backbone">{words.circuits}</Link>
        </h2>
        <span className="wall-severities">
          {ALL_STATES.map((state) => {
            const count = wall.circuits.filter((circuit) => circuit.state === state).length;
            return count === 0 ? null : (
              <span key={state} className={`state-${stale ? 'unknown' : state}`}>
                <StateShape state={state} size="1em" />
                <span>{states[state]}</span> <b className="figures">{count}</b>
              </span>
            );
          })}
        </span>
      </header>
      <ul ref={ref}>
        {shown.map((circuit) => (
          <Row key={circuit.id} circuit={circuit} stale={stale} at={wall.at} />
        ))}
        {shown.length === 0 ? <li className="wall-none">{words.noCircuits}</li> : null}
      </ul>
      {wall.circuits.length > shown.length ? (
        <Link to="/objects?kind=circuit&class=backbone" className="wall-more">
          {words.moreCircuits(wall.circuits.length - shown.length)}
        </Link>
      ) : null}
    </section>
  );
});

function Row({ circuit, stale, at }: { circuit: WallCircuit; stale: boolean; at: string }) {
  const { states } = useWords(COMMON);
  const { nameOf } = useNaming();
  return (
    <li>
      <Link to={`/objects/${encodeURIComponent(circuit.id)}`} className={`wall-circuit circuit-${stale ? 'unknown' : circuit.state}`}>
        <span className={`state-${stale ? 'unknown' : circuit.state}`}>
          <StateShape state={circuit.state} size="1em" />
          <span className="unseen">{states[circuit.state]}</span>
        </span>
        <span className="wall-what" title={nameOf(circuit)}>
          {nameOf(circuit)}
        </span>
        {circuit.state === 'down' ? (
          <span className="circuit-since">
            {states.down} <Since at={circuit.since} />
          </span>
        ) : (
          <Load traffic={trafficNow(circuit, at)} />
        )}
      </Link>
    </li>
  );
}

const FULL = 0.9;
const BUSY = 0.7;

/** Both directions as two bars, in above out, and the figure of the fuller; hollow when it is not known. */
function Load({ traffic }: { traffic: WallCircuit['traffic'] }) {
  const words = useWords(WALL);
  const shares = [traffic?.inUtilisation ?? null, traffic?.outUtilisation ?? null] as const;
  const known = shares.filter((share) => share !== null);
  if (known.length === 0) return <span className="circuit-since soft">{words.noTraffic}</span>;
  const fuller = Math.max(...known);
  const told = `${words.in} ${percentOf(shares[0])} · ${words.out} ${percentOf(shares[1])}`;
  return (
    <span className={`load load-${fuller >= FULL ? 'full' : fuller >= BUSY ? 'busy' : 'calm'}`} title={told}>
      <span className="unseen">{told}</span>
      <svg viewBox="0 0 100 22" preserveAspectRatio="none" aria-hidden="true">
        {shares.map((share, index) => (
          // The place is what tells the two apart.
          <g key={index === 0 ? 'in' : 'out'} transform={`translate(0 ${index * 12})`}>
            <rect className="load-ground" width="100" height="10" />
            {share === null ? null : <rect className="load-bar" width={Math.min(100, Math.max(1, share * 100))} height="10" />}
          </g>
        ))}
      </svg>
      <span className="figures" aria-hidden="true">
        {percentOf(fuller)}
      </span>
    </span>
  );
}

function percentOf(share: number | null): string {
  return share === null ? '—' : `${Math.floor(share * 100)}%`;
}
