import type { IncidentSummary, Page } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { get } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { Loading } from '../../parts/loading.tsx';
import { useFirst } from './use-first.ts';
import { ACT } from './words.ts';

interface Props {
  readonly incident: IncidentSummary;
  readonly into: string | null;
  readonly onChoose: (into: string | null) => void;
}

/** Chooses the incident to merge into: one under way that was not merged itself. */
export function MergeTarget({ incident, into, onChoose }: Props) {
  const words = useWords(ACT);
  const common = useWords(COMMON);
  const { titleOf } = useNaming();
  const id = useId();
  const [find, setFind] = useState('');
  const field = useFirst<HTMLInputElement>(true);
  const { data, isPending } = useQuery({
    queryKey: ['/incidents/merge-targets'],
    queryFn: ({ signal }) => get<Page<IncidentSummary>>('/incidents', { active: 'true', limit: 1000 }, signal),
  });
  const sought = find.trim().toLowerCase();
  const targets = (data?.items ?? []).filter(
    (one) =>
      one.id !== incident.id && one.mergedInto === null && `#${one.number} ${one.title} ${titleOf(one)}`.toLowerCase().includes(sought),
  );
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-find`}>{words.find}</label>
        <input
          id={`${id}-find`}
          ref={field}
          type="search"
          autoComplete="off"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-into`}>{words.into}</label>
        <select id={`${id}-into`} size={8} required value={into ?? ''} onChange={(event) => onChoose(event.target.value || null)}>
          {targets.map((one) => (
            <option key={one.id} value={one.id}>{`#${one.number} · ${common.severities[one.severity]} · ${titleOf(one)}`}</option>
          ))}
        </select>
        {isPending ? <Loading /> : null}
        {targets.length === 0 && !isPending ? <span className="soft">{words.noTarget}</span> : null}
      </div>
    </>
  );
}
