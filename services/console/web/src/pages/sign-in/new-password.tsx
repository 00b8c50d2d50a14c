import type { PasswordRules } from '@beacontower/contracts';
import { type FormEvent, useState } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { Field, Refusal } from '../../parts/field.tsx';
import { changePassword } from './calls.ts';
import { judgeTyped } from './password-rules.ts';
import { detailOf, refusalOf } from './refusal.ts';
import { SIGN_IN } from './words.ts';

interface NewPasswordProps {
  readonly name: string;
  readonly displayName: string;
  readonly rules: PasswordRules;
  /** The one in use was set by somebody else, or is too old. */
  readonly forced: boolean;
  readonly onDone: () => Promise<void> | void;
}

/** A new password in place of the current one; the rules are judged while it is typed. */
export function NewPassword({ name, displayName, rules, forced, onDone }: NewPasswordProps) {
  const words = useWords(SIGN_IN);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const judged = judgeTyped({ names: [name, displayName], current, next, again }, rules);
  const good = current !== '' && judged.every(({ met }) => met);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!good || busy) return;
    setBusy(true);
    setError(null);
    try {
      await changePassword(current, next);
      setCurrent('');
      setNext('');
      setAgain('');
      await onDone();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      {/* Password managers keep a password under the name they find beside it. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <Field
        label={forced ? words.currentOneTime : words.current}
        value={current}
        onChange={setCurrent}
        autoComplete="current-password"
        secret
        autoFocus={forced}
      />
      <Field label={words.next} value={next} onChange={setNext} autoComplete="new-password" secret describedBy="password-rules" />
      <Field label={words.again} value={again} onChange={setAgain} autoComplete="new-password" secret />
      <Rules judged={judged} rules={rules} />
      <Refusal text={error === null ? null : words.errors[refusalOf(error, 'change')]} detail={detailOf(error, words.faults)} />
      <button type="submit" className="button primary wide" disabled={!good || busy}>
        {busy ? words.working : words.change}
      </button>
    </form>
  );
}

function Rules({ judged, rules }: { judged: ReturnType<typeof judgeTyped>; rules: PasswordRules }) {
  const words = useWords(SIGN_IN);
  const least = { length: rules.minLength, classes: rules.minClasses, name: 0, common: 0, different: 0, again: 0 };
  return (
    <div id="password-rules">
      <span className="form-label">{words.rulesTitle}</span>
      <ul className="rule-list">
        {judged.map(({ rule, met }) => (
          <li key={rule} className={met ? 'met' : ''}>
            <span className="mark" aria-hidden="true">
              {met ? '✓' : '○'}
            </span>
            <span>{words.rules[rule](least[rule])}</span>
            <span className="unseen">{met ? words.ruleMet : words.ruleNotMet}</span>
          </li>
        ))}
        {rules.history > 0 ? (
          <li>
            <span className="mark" aria-hidden="true">
              ·
            </span>
            {words.rules.history(rules.history)}
          </li>
        ) : null}
        {rules.maxAgeDays === null ? null : (
          <li>
            <span className="mark" aria-hidden="true">
              ·
            </span>
            {words.rules.age(rules.maxAgeDays)}
          </li>
        )}
      </ul>
    </div>
  );
}
