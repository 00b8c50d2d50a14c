import type { State } from '@beacontower/domain';
import { useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import './parts.css';

/** Shapes differ as much as colours: a disc, a triangle, a cross, a hollow hatched square. */
export function StateShape({ state, size = 14 }: { state: State; size?: number | string }) {
  return (
    <svg className={`state-shape state-${state}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {state === 'up' ? <circle cx="8" cy="8" r="6" /> : null}
      {state === 'degraded' ? <path d="M8 1 15.5 15H.5z" /> : null}
      {state === 'down' ? <path d="M4 1 8 5l4-4 3 3-4 4 4 4-3 3-4-4-4 4-3-3 4-4-4-4z" /> : null}
      {state === 'unknown' ? (
        <>
          <rect x="1.75" y="1.75" width="12.5" height="12.5" className="hollow" />
          <path d="M2 9 9 2M2 14 14 2M7 14l7-7" className="hatch" />
        </>
      ) : null}
    </svg>
  );
}

/** A state as a shape and its word. */
export function StateMark({ state, maintenance = false }: { state: State; maintenance?: boolean }) {
  const words = useWords(COMMON);
  return (
    <span className={`state-mark state-${state}`}>
      <StateShape state={state} />
      <span>{words.states[state]}</span>
      {maintenance ? <span className="maintenance-mark">{words.maintenance}</span> : null}
    </span>
  );
}
