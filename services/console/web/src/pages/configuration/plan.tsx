import type { ConfigurationPlan } from '@beacontower/contracts';
import { useMutation } from '@tanstack/react-query';
import { type ChangeEvent, type FormEvent, useId, useRef, useState } from 'react';
import { send } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { Planned } from './planned.tsx';
import { CONFIGURATION } from './words.ts';

const LONGEST = 8 * 1024 * 1024;

/** Another configuration, checked and compared; nothing is changed by it. */
export function Plan() {
  const words = useWords(CONFIGURATION);
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [tooBig, setTooBig] = useState(false);
  const comparing = useMutation({ mutationFn: (given: string) => send<ConfigurationPlan>('POST', '/configuration/plan', { text: given }) });
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0];
    // The same file, mended meanwhile, can be chosen again.
    event.target.value = '';
    if (chosen === undefined) return;
    setTooBig(chosen.size > LONGEST);
    if (chosen.size > LONGEST) return;
    const read = await chosen.text();
    setText(read);
    comparing.mutate(read);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    comparing.mutate(text);
  };
  return (
    <div className="stack">
      <form className="card form" onSubmit={submit}>
        <p className="form-hint">{words.planHint}</p>
        <div className="form-field">
          <label htmlFor={id}>{words.text}</label>
          <textarea
            id={id}
            className="figures"
            rows={12}
            value={text}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        {tooBig ? (
          <p className="form-warning" role="alert">
            {words.tooBig}
          </p>
        ) : null}
        <div className="form-row">
          <button type="submit" className="button primary" disabled={text.trim() === '' || comparing.isPending}>
            {comparing.isPending ? words.comparing : words.compare}
          </button>
          <button type="button" className="button" onClick={() => file.current?.click()}>
            {words.file}
          </button>
          <input ref={file} type="file" accept=".yaml,.yml,text/plain,application/yaml" hidden onChange={(event) => void choose(event)} />
        </div>
      </form>
      <ProblemNote error={comparing.error} />
      <div aria-live="polite">{comparing.data && !comparing.isPending ? <Planned plan={comparing.data} /> : null}</div>
    </div>
  );
}
