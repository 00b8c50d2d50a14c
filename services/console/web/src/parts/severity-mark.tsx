import type { IncidentSummary } from '@beacontower/contracts';
import { useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import './parts.css';

export type Severity = IncidentSummary['severity'];

/** Told apart without colour: an octagon with a bar, a full diamond, a hollow diamond, a ring with a dot. None is a shape of a state. */
export function SeverityShape({ severity, size = 14 }: { severity: Severity; size?: number | string }) {
  return (
    <svg className={`severity-shape severity-${severity}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {severity === 'critical' ? (
        <path fillRule="evenodd" d="M5 .5h6L15.5 5v6L11 15.5H5L.5 11V5zM6.9 3.5v5.5h2.200V3.5zM6.9 10.5v2.200h2.200v-2.200z" />
      ) : null}
      {severity === 'major' ? <path d="M8 .5 15.5 8 8 15.5.5 8z" /> : null}
      {severity === 'minor' ? <path className="hollow" d="M8 2 14 8 8 14 2 8z" /> : null}
      {severity === 'warning' ? (
        <>
          <circle className="hollow" cx="8" cy="8" r="6" />
          <circle cx="8" cy="8" r="2" />
        </>
      ) : null}
    </svg>
  );
}

/** A severity as a shape and its word. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const words = useWords(COMMON);
  return (
    <span className={`severity-mark severity-${severity}`}>
      <SeverityShape severity={severity} />
      <span>{words.severities[severity]}</span>
    </span>
  );
}
