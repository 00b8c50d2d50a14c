import { type KeyboardEvent, useId, useState } from 'react';
import { defineWords, useWords } from '../i18n/language.tsx';
import './dialog.css';
import './form.css';

const WORDS = defineWords({
  zh: { show: '显示口令', hide: '隐藏口令', capsLock: '大写锁定已打开' },
  en: { show: 'Show the password', hide: 'Hide the password', capsLock: 'Caps Lock is on' },
});

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoComplete: string;
  readonly autoFocus?: boolean;
  readonly secret?: boolean;
  readonly inputMode?: 'text' | 'numeric' | 'email';
  readonly describedBy?: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly maxLength?: number;
}

/** One line to type in, its name above it. A secret can be looked at, and says when Caps Lock is on. */
export function Field({ label, value, onChange, autoComplete, secret = false, required = true, ...more }: FieldProps) {
  const words = useWords(WORDS);
  const id = useId();
  const [shown, setShown] = useState(false);
  const [caps, setCaps] = useState(false);
  const look = (event: KeyboardEvent) => setCaps(secret && event.getModifierState('CapsLock'));
  const described = [more.describedBy, caps ? `${id}-caps` : null, more.hint ? `${id}-hint` : null].filter(Boolean).join(' ');
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <div className="form-line">
        <input
          id={id}
          type={secret && !shown ? 'password' : 'text'}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={look}
          onKeyUp={look}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          required={required}
          ref={more.autoFocus ? focusOnce : undefined}
          {...(more.inputMode ? { inputMode: more.inputMode } : {})}
          {...(more.maxLength ? { maxLength: more.maxLength } : {})}
          {...(described === '' ? {} : { 'aria-describedby': described })}
        />
        {secret ? (
          <button
            type="button"
            className="form-peek"
            aria-pressed={shown}
            aria-label={shown ? words.hide : words.show}
            onClick={() => setShown(!shown)}
          >
            <svg width="18" height="18" viewBox="0 0 20 20" aria-hidden="true">
              <path d="M1.5 10S4.6 4.5 10 4.5 18.5 10 18.5 10 15.4 15.5 10 15.5 1.5 10 1.5 10z" />
              <circle cx="10" cy="10" r="2.6" />
              {shown ? <path d="M3 17 17 3" /> : null}
            </svg>
          </button>
        ) : null}
      </div>
      {more.hint ? (
        <p id={`${id}-hint`} className="form-hint">
          {more.hint}
        </p>
      ) : null}
      {caps ? (
        <p id={`${id}-caps`} className="form-warning" role="status">
          {words.capsLock}
        </p>
      ) : null}
    </div>
  );
}

// The place one types in first, when a step begins: as a ref, for `autofocus` counts only when a document is loaded.
function focusOnce(input: HTMLInputElement | null): void {
  input?.focus();
}

/** Why it was refused; read aloud when it appears. */
export function Refusal({ text, detail = null }: { text: string | null; detail?: string | null }) {
  return (
    <div role="alert" className="form-alert">
      {text === null ? null : (
        <p>
          {text}
          {detail === null ? null : <span className="form-detail">{detail}</span>}
        </p>
      )}
    </div>
  );
}
