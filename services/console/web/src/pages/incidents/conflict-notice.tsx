import type { IncidentSummary } from '@beacontower/contracts';
import { useEffect, useRef } from 'react';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import type { Conflict, FieldChange } from './conflict.ts';
import { TimelineLines } from './timeline-lines.tsx';
import { ACT, CATEGORIES } from './words.ts';

/** Somebody was faster: what is different now, before it is pressed again. */
export function ConflictNotice({ conflict }: { conflict: Conflict }) {
  const words = useWords(ACT);
  const show = useShown();
  const element = useRef<HTMLElement>(null);
  // It takes the focus, so that a key pressed twice does not do what was just refused.
  useEffect(() => element.current?.focus(), []);
  const { fields, lines } = conflict;
  return (
    <section ref={element} role="alert" tabIndex={-1} className="conflict">
      <strong>{words.faster}</strong>
      <p>{fields.length + lines.length > 0 ? words.fasterSince : words.nothingShown}</p>
      {fields.length === 0 ? null : (
        <ul>
          {fields.map((change) => (
            <li key={change.field}>
              {words.fields[change.field]}: {show(change, change.from)} → <strong>{show(change, change.to)}</strong>
            </li>
          ))}
        </ul>
      )}
      <TimelineLines lines={lines} />
      <p>{words.fasterAgain}</p>
    </section>
  );
}

function useShown(): (change: FieldChange, value: FieldChange['to']) => string {
  const common = useWords(COMMON);
  const categories: Readonly<Record<string, string | undefined>> = useWords(CATEGORIES);
  const { person, party } = useNames();
  return ({ field }, value) => {
    if (value === null) return common.none;
    const text = String(value);
    if (field === 'state') return common.incidentStates[text as IncidentSummary['state']];
    if (field === 'severity') return common.severities[text as IncidentSummary['severity']];
    if (field === 'causeCategory') return categories[text] ?? text;
    if (field === 'chargedParty') return party(text);
    return field === 'owner' || field === 'pendingOwner' ? person(text) : text;
  };
}
