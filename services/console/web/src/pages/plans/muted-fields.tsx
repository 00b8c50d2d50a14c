import { useId } from 'react';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import type { PlanDraft } from './cover.ts';
import { Chips } from './cover-fields.tsx';
import { PLANS } from './words.ts';

interface Props {
  readonly draft: PlanDraft;
  readonly onChange: (draft: PlanDraft) => void;
}

/** What a silence is about beside where: classes, parties, severities, kinds of incidents. */
export function MutedFields({ draft, onChange }: Props) {
  const words = useWords(PLANS);
  const common = useWords(COMMON);
  const { directory, party } = useNames();
  const id = useId();
  return (
    <>
      <Checks label={words.classes} words={common.classes} chosen={draft.classes} onChange={(classes) => onChange({ ...draft, classes })} />
      <Checks
        label={words.severities}
        words={common.severities}
        chosen={draft.severities}
        onChange={(severities) => onChange({ ...draft, severities })}
      />
      <Checks label={words.kinds} words={common.incidentKinds} chosen={draft.kinds} onChange={(kinds) => onChange({ ...draft, kinds })} />
      <div className="field">
        <label htmlFor={id}>{words.parties}</label>
        <select id={id} value="" onChange={({ target }) => onChange({ ...draft, parties: [...new Set([...draft.parties, target.value])] })}>
          <option value="">{words.addParty}</option>
          {directory?.parties.map((one) => (
            <option key={one.id} value={one.id}>
              {party(one.id)}
            </option>
          ))}
        </select>
        <Chips
          items={draft.parties}
          name={party}
          onRemove={(one) => onChange({ ...draft, parties: draft.parties.filter((other) => other !== one) })}
        />
      </div>
    </>
  );
}

interface ChecksProps {
  readonly label: string;
  readonly words: Readonly<Record<string, string>>;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function Checks({ label, words, chosen, onChange }: ChecksProps) {
  const { emptyIsAll } = useWords(PLANS);
  return (
    <fieldset className="field checks">
      <legend>
        {label} <span className="soft">{emptyIsAll}</span>
      </legend>
      {Object.entries(words).map(([key, word]) => (
        <label key={key} className="choice-one">
          <input
            type="checkbox"
            checked={chosen.includes(key)}
            onChange={() => onChange(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key])}
          />
          {word}
        </label>
      ))}
    </fieldset>
  );
}
