import { useId } from 'react';
import { useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { useNow } from '../../parts/use-now.ts';
import { PLANS } from './words.ts';
import { fieldOf, momentOf } from './zoned-time.ts';

const HOUR_MS = 3_600_000;
const LENGTHS = [1, 2, 4, 8, 24] as const;

interface Props {
  /** As the fields have it; `from` empty: at once. */
  readonly from: string;
  readonly to: string;
  readonly onChange: (times: { readonly from: string; readonly to: string }) => void;
}

/** When it begins and ends, in the zone of the node, whatever the zone of this browser. */
export function TimeFields({ from, to, onChange }: Props) {
  const words = useWords(PLANS);
  const { node } = useSession();
  const now = useNow();
  const id = useId();
  const begin = (from === '' ? null : momentOf(from, node.timeZone)) ?? now;
  return (
    <fieldset className="field times">
      <legend className="soft">{words.zone(node.timeZone)}</legend>
      <div className="field-row">
        <span className="field">
          <label htmlFor={`${id}-from`}>{words.from}</label>
          <input id={`${id}-from`} type="datetime-local" value={from} onChange={({ target }) => onChange({ from: target.value, to })} />
          {from === '' ? <span className="soft">{words.startNow}</span> : null}
        </span>
        <span className="field">
          <label htmlFor={`${id}-to`}>{words.to}</label>
          <input
            id={`${id}-to`}
            type="datetime-local"
            required
            value={to}
            onChange={({ target }) => onChange({ from, to: target.value })}
          />
        </span>
      </div>
      <div className="field-row lengths">
        {LENGTHS.map((hours) => (
          <button
            key={hours}
            type="button"
            className="button"
            aria-label={`${words.lengthLabel} ${words.hours(hours)}`}
            onClick={() => onChange({ from, to: fieldOf(begin + hours * HOUR_MS, node.timeZone) })}
          >
            {words.hours(hours)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
