import { type FormEvent, useState } from 'react';
import { nodeNow } from '../../api/clock.ts';
import { useSession } from '../../api/session.tsx';
import { fromZone } from '../../charts/ticks.ts';
import { formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { OBJECT } from './object-words.ts';
import { LAST, type LastKey, moved, type Span, zoomed } from './range.ts';
import type { HeldSpan } from './use-span.ts';

/** Which time the page shows: all of its pictures and lists show the same. */
export function RangeBar({ held }: { held: HeldSpan }) {
  const words = useWords(OBJECT);
  const { language } = useLanguage();
  const { range, span, period, setRange, showBetween } = held;
  const go = ({ from, to }: Span) => showBetween(from, to);
  const label =
    period === null ? null : words.periodOf(language === 'en' ? (period.nameEn ?? period.name) : period.name, period.label ?? '');
  return (
    <fieldset className="object-range card">
      <legend className="unseen">{words.range}</legend>
      <div className="object-choices">
        {(Object.keys(LAST) as LastKey[]).map((key) => (
          <button
            key={key}
            type="button"
            aria-pressed={range.kind === 'last' && range.key === key}
            onClick={() => setRange({ kind: 'last', key })}
          >
            {words.last[key]}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={range.kind === 'period'}
          title={label ?? undefined}
          onClick={() => setRange({ kind: 'period' })}
        >
          {words.period}
        </button>
      </div>
      <div className="object-choices">
        <button type="button" onClick={() => go(moved(span, -1, nodeNow()))}>
          ← {words.earlier}
        </button>
        <button type="button" onClick={() => go(moved(span, 1, nodeNow()))}>
          {words.later} →
        </button>
        <button type="button" onClick={() => go(zoomed(span, 0.5, nodeNow()))}>
          + {words.closer}
        </button>
        <button type="button" onClick={() => go(zoomed(span, 2, nodeNow()))}>
          − {words.wider}
        </button>
      </div>
      <Between key={`${range.kind === 'between' ? `${span.from}/${span.to}` : range.kind}`} span={span} onShow={showBetween} />
      {range.kind === 'period' && label !== null ? <span className="soft">{label}</span> : null}
    </fieldset>
  );
}

/** From and to, written in the node's zone. */
function Between({ span, onShow }: { span: Span; onShow: (from: number, to: number) => void }) {
  const words = useWords(OBJECT);
  const { timeZone } = useSession().node;
  const written = (at: number) => formatTime(at, timeZone, 'minute').replace(' ', 'T');
  const [typed, setTyped] = useState<{ from: string; to: string } | null>(null);
  const { from, to } = typed ?? { from: written(span.from), to: written(span.to) };
  const read = (text: string) => fromZone(Date.parse(`${text}:00Z`), timeZone);
  const usable = typed !== null && read(from) < read(to);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (usable) onShow(read(from), read(to));
  };
  return (
    <form className="object-between" onSubmit={submit}>
      <label>
        {words.from} <input type="datetime-local" value={from} onChange={({ target }) => setTyped({ from: target.value, to })} />
      </label>
      <label>
        {words.to} <input type="datetime-local" value={to} onChange={({ target }) => setTyped({ from, to: target.value })} />
      </label>
      {typed === null ? null : (
        <button type="submit" disabled={!usable}>
          {words.show}
        </button>
      )}
    </form>
  );
}
