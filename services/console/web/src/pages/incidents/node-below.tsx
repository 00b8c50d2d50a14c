import type { IncidentSummary } from '@beacontower/contracts';
import { useId } from 'react';
import { useWords } from '../../i18n/language.tsx';
import type { Draft } from './act-forms.tsx';
import { TIERS } from './tier-words.ts';
import { useFirst } from './use-first.ts';

interface Props {
  readonly incident: IncidentSummary;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** To which node below it is handed, and whom there, if anybody is meant. */
export function NodeBelow({ incident, draft, onChange }: Props) {
  const words = useWords(TIERS);
  const id = useId();
  const field = useFirst<HTMLSelectElement>(true);
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{words.node}</label>
        <select id={id} ref={field} required value={draft.node} onChange={(event) => onChange({ ...draft, node: event.target.value })}>
          {incident.mayAsk.below.map((node) => (
            <option key={node} value={node}>
              {node}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-to`}>{words.toThere}</label>
        <input
          id={`${id}-to`}
          type="text"
          autoComplete="off"
          maxLength={200}
          value={draft.to}
          onChange={(event) => onChange({ ...draft, to: event.target.value })}
        />
      </div>
    </>
  );
}
