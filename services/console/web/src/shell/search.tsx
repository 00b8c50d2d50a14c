import type { IncidentSummary, ObjectSummary } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type RefObject, useDeferredValue, useEffect, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { get } from '../api/client.ts';
import { useWords } from '../i18n/language.tsx';
import { useNaming } from '../i18n/name-of.ts';
import { COMMON } from '../i18n/words.ts';
import { SeverityShape } from '../parts/severity-mark.tsx';
import { Since } from '../parts/since.tsx';
import { StateShape } from '../parts/state-mark.tsx';
import { SHELL } from './words.ts';

const SETTLE_MS = 180;
const OBJECTS = 8;
const INCIDENTS = 5;

interface Page<T> {
  readonly items: readonly T[];
}
type Hit = { readonly to: string; readonly incident: IncidentSummary } | { readonly to: string; readonly object: ObjectSummary };

/** Finds objects and incidents by a part of their name, an identifier or a number, from every page. */
export function Search({ input }: { input: RefObject<HTMLInputElement | null> }) {
  const words = useWords(SHELL);
  const navigate = useNavigate();
  const id = useId();
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const { hits, busy, failed } = useHits(useDeferredValue(text.trim()));
  const shown = open && text.trim() !== '';
  const go = (to: string) => {
    setOpen(false);
    setText('');
    input.current?.blur();
    void navigate(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((now) => (hits.length === 0 ? -1 : (now + step + hits.length + (now < 0 && step < 0 ? 1 : 0)) % hits.length));
    } else if (event.key === 'Enter' && text.trim() !== '') go(hits[active]?.to ?? `/objects?q=${encodeURIComponent(text.trim())}`);
    else if (event.key === 'Escape') {
      if (!shown) input.current?.blur();
      setOpen(false);
    } else return;
    event.preventDefault();
  };
  return (
    <search className="shell-search">
      <input
        ref={input}
        type="search"
        role="combobox"
        aria-label={words.searchAll}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        placeholder={words.searchAll}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <span className="shell-search-key" aria-hidden="true">
        /
      </span>
      <div id={`${id}-list`} role="listbox" aria-label={words.found} className="shell-found" hidden={!shown}>
        {hits.map((hit, index) => (
          <div
            key={hit.to}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            // The press comes before the loss of the focus, which closes the list.
            onPointerDown={(event) => {
              event.preventDefault();
              go(hit.to);
            }}
          >
            <HitLine hit={hit} />
          </div>
        ))}
        {hits.length === 0 ? (
          <div role="option" aria-selected={false} aria-disabled="true" tabIndex={-1} className="soft">
            {busy ? words.searching : failed ? words.searchFailed : words.foundNothing}
          </div>
        ) : null}
      </div>
    </search>
  );
}

function HitLine({ hit }: { hit: Hit }) {
  const { kinds, states, severities, incidentStates } = useWords(COMMON);
  const { nameOf, titleOf } = useNaming();
  if ('incident' in hit)
    return (
      <>
        <span className={`severity-${hit.incident.severity}`}>
          <SeverityShape severity={hit.incident.severity} />
          <span className="unseen">{severities[hit.incident.severity]}</span>
        </span>
        <span className="shell-found-name">{`#${hit.incident.number} ${titleOf(hit.incident)}`}</span>
        {isOver(hit.incident) ? <span className="soft">{incidentStates[hit.incident.state]}</span> : <Since at={hit.incident.startedAt} />}
      </>
    );
  return (
    <>
      <span className={`state-${hit.object.state}`}>
        <StateShape state={hit.object.state} />
        <span className="unseen">{states[hit.object.state]}</span>
      </span>
      <span className="shell-found-name">{nameOf(hit.object)}</span>
      <span className="soft">{kinds[hit.object.kind]}</span>
    </>
  );
}

function isOver({ state }: IncidentSummary): boolean {
  return state === 'resolved' || state === 'closed';
}

function useHits(text: string): { hits: readonly Hit[]; busy: boolean; failed: boolean } {
  const settled = useSettled(text);
  const enabled = settled !== '';
  const objects = useQuery({
    queryKey: ['/objects', 'search', settled],
    queryFn: ({ signal }) => get<Page<ObjectSummary>>('/objects', { q: settled, limit: OBJECTS }, signal),
    enabled,
  });
  const incidents = useQuery({
    queryKey: ['/incidents', 'search', settled],
    queryFn: ({ signal }) => get<Page<IncidentSummary>>('/incidents', { q: settled.replace(/^#/, ''), limit: INCIDENTS }, signal),
    enabled: enabled && settled !== '#',
  });
  const hits: Hit[] = enabled
    ? [
        ...(incidents.data?.items ?? [])
          .toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)))
          .map((incident) => ({ to: `/incidents/${incident.id}`, incident })),
        ...(objects.data?.items ?? []).map((object) => ({ to: `/objects/${encodeURIComponent(object.id)}`, object })),
      ]
    : [];
  return { hits, busy: settled !== text || objects.isFetching || incidents.isFetching, failed: objects.isError || incidents.isError };
}

/** What was typed, once the typing pauses. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
