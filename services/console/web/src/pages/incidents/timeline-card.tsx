import type { IncidentDetail } from '@beacontower/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { send } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { pressKey } from '../../parts/press-key.ts';
import { DETAIL } from './detail-words.ts';
import { Refusal } from './refusal.tsx';
import { type LineSort, sortOf } from './timeline-facts.ts';
import { TimelineLines } from './timeline-lines.tsx';

interface Props {
  readonly incident: IncidentDetail;
  readonly names: ReadonlyMap<string, string>;
  readonly mayComment: boolean;
}
/** An outage of days may have thousands of lines. */
const SHOWN = 100;
const SORTS = ['people', 'seen', 'telling'] as const satisfies readonly LineSort[];

/** What happened, in words, and a place to say something. */
export function TimelineCard({ incident, names, mayComment }: Props) {
  const words = useWords(DETAIL);
  const [sort, setSort] = useState<LineSort | null>(null);
  const [shown, setShown] = useState(SHOWN);
  const { timeline } = incident;
  const lines = sort === null ? timeline : timeline.filter(({ kind, actor }) => sortOf(kind, actor) === sort);
  const group = useId();
  return (
    <section className="card" aria-labelledby={`${group}-title`}>
      <header className="panel-head">
        <h2 id={`${group}-title`}>{words.timeline}</h2>
        <fieldset className="segments">
          <legend className="unseen">{words.timeline}</legend>
          {[null, ...SORTS].map((one) => (
            <label key={one ?? 'all'} className={one === sort ? 'segment chosen' : 'segment'}>
              <input type="radio" name={group} checked={one === sort} onChange={() => setSort(one)} />
              {one === null ? words.all : words.sorts[one]}
            </label>
          ))}
        </fieldset>
      </header>
      {mayComment ? <CommentBox id={incident.id} /> : null}
      {lines.length === 0 ? (
        <p className="soft">{words.noLines}</p>
      ) : (
        <TimelineLines lines={lines.slice(-shown).toReversed()} names={names} />
      )}
      {lines.length > shown ? (
        <button type="button" className="button" onClick={() => setShown(shown + SHOWN)}>
          {words.earlier(lines.length - shown)}
        </button>
      ) : null}
    </section>
  );
}

function CommentBox({ id }: { id: string }) {
  const words = useWords(DETAIL);
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '' || busy) return;
    setBusy(true);
    setError(null);
    try {
      const after = await send<IncidentDetail>('POST', `/incidents/${id}/comment`, { text: text.trim() }, { idempotencyKey: pressKey() });
      queries.setQueryData(['/incident', id], after);
      setText('');
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="comment-box" onSubmit={(event) => void submit(event)}>
      <input
        type="text"
        autoComplete="off"
        maxLength={4000}
        aria-label={words.comment}
        placeholder={words.comment}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <button type="submit" className="button" disabled={text.trim() === '' || busy}>
        {words.send}
      </button>
      {error === null ? null : <Refusal error={error} />}
    </form>
  );
}
