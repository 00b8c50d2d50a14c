import type { ObjectSummary, Page } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { get } from '../../api/client.ts';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import type { PlanDraft } from './cover.ts';
import { PLANS } from './words.ts';

interface Props {
  readonly draft: PlanDraft;
  readonly onChange: (draft: PlanDraft) => void;
}

const added = (list: readonly string[], one: string): readonly string[] => (list.includes(one) ? list : [...list, one]);
const without = (list: readonly string[], one: string): readonly string[] => list.filter((other) => other !== one);

/** Objects and divisions that it covers. */
export function CoverFields({ draft, onChange }: Props) {
  const words = useWords(PLANS);
  const { directory, division } = useNames();
  const id = useId();
  return (
    <>
      <ObjectField draft={draft} onChange={onChange} />
      <div className="field">
        <label htmlFor={id}>{words.divisions}</label>
        <select id={id} value="" onChange={({ target }) => onChange({ ...draft, divisions: added(draft.divisions, target.value) })}>
          <option value="">{words.addDivision}</option>
          {directory?.divisions.map((one) => (
            <option key={one.id} value={one.id}>
              {division(one.id)} · {one.id}
            </option>
          ))}
        </select>
        <Chips
          items={draft.divisions}
          name={division}
          onRemove={(one) => onChange({ ...draft, divisions: without(draft.divisions, one) })}
        />
      </div>
    </>
  );
}

function ObjectField({ draft, onChange }: Props) {
  const words = useWords(PLANS);
  const { kinds } = useWords(COMMON);
  const id = useId();
  const [text, setText] = useState('');
  const sought = useDeferredValue(text.trim());
  const { data } = useQuery({
    queryKey: ['/objects', 'find', sought],
    queryFn: ({ signal }) => get<Page<ObjectSummary>>('/objects', { q: sought, limit: 12 }, signal),
    enabled: sought.length > 0,
    placeholderData: (before) => before,
  });
  const found = sought === '' ? [] : (data?.items ?? []).filter((one) => !draft.objects.includes(one.id));
  return (
    <div className="field">
      <label htmlFor={id}>{words.objects}</label>
      <input
        id={id}
        type="search"
        autoComplete="off"
        maxLength={100}
        placeholder={words.addObject}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {sought === '' ? null : (
        <ul className="found">
          {found.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => {
                  onChange({ ...draft, objects: added(draft.objects, one.id) });
                  setText('');
                }}
              >
                + {one.name} <span className="soft">{kinds[one.kind]}</span> <span className="soft figures">{one.id}</span>
              </button>
            </li>
          ))}
          {found.length === 0 && data !== undefined ? <li className="soft">{words.noObject}</li> : null}
        </ul>
      )}
      <Chips items={draft.objects} name={(one) => one} onRemove={(one) => onChange({ ...draft, objects: without(draft.objects, one) })} />
    </div>
  );
}

/** What was chosen, each to be taken out again. */
export function Chips({
  items,
  name,
  onRemove,
}: {
  items: readonly string[];
  name: (item: string) => string;
  onRemove: (item: string) => void;
}) {
  const words = useWords(PLANS);
  if (items.length === 0) return null;
  return (
    <ul className="chips">
      {items.map((item) => (
        <li key={item} className="chip">
          {name(item)}
          <button type="button" aria-label={words.remove(name(item))} onClick={() => onRemove(item)}>
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
