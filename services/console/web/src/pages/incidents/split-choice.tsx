import type { IncidentDetail, IncidentSummary, Page } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { Loading } from '../../parts/loading.tsx';
import { ACT } from './words.ts';

type Member = IncidentDetail['objects'][number];

interface Props {
  readonly incident: IncidentSummary;
  readonly chosen: readonly string[];
  readonly onChoose: (objects: readonly string[]) => void;
}

/** Chooses among what is affected by the incident now. */
export function SplitChoice({ incident, chosen, onChoose }: Props) {
  const words = useWords(ACT);
  const [find, setFind] = useState('');
  const { data, isPending } = useQuery({
    queryKey: ['/incident', incident.id, 'objects', 1000],
    queryFn: ({ signal }) => get<Page<Member>>(`/incidents/${incident.id}/objects`, { limit: 1000 }, signal),
  });
  if (isPending) return <Loading />;
  const symptoms = (data?.items ?? []).filter(({ role, leftAt }) => role === 'symptom' && leftAt === null);
  const sought = find.trim().toLowerCase();
  const shown = symptoms.filter(({ id, name }) => `${id} ${name ?? ''}`.toLowerCase().includes(sought));
  if (symptoms.length === 0) return <p className="soft">{words.noSymptoms}</p>;
  const toggle = (id: string) => onChoose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset className="field choice">
      <legend>
        {words.chooseObjects} <span className="soft">{words.chosen(chosen.length)}</span>
      </legend>
      <input type="search" aria-label={words.find} autoComplete="off" value={find} onChange={(event) => setFind(event.target.value)} />
      <div className="split-list">
        {shown.map(({ id, name }) => (
          <label key={id} className="choice-one">
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            <span>{name ?? id}</span>
            {name === null ? null : <span className="soft figures">{id}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
