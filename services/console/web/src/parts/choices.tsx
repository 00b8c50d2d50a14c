import './tables.css';

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly of: readonly { readonly value: T; readonly text: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of a few, each a button that is pressed or not. */
export function Choices<T extends string>({ label, of, value, onChange }: ChoicesProps<T>) {
  return (
    <fieldset className="choices" aria-label={label}>
      {of.map((choice) => (
        <button key={choice.value} type="button" aria-pressed={choice.value === value} onClick={() => onChange(choice.value)}>
          {choice.text}
        </button>
      ))}
    </fieldset>
  );
}
