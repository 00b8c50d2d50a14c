interface OneOfProps {
  readonly label: string;
  /** The words for no choice at all. */
  readonly any: string;
  readonly of: readonly { readonly value: string; readonly text: string }[];
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** Narrows a list to one of several; null: it is not narrowed. */
export function OneOf({ label, any, of, value, onChange }: OneOfProps) {
  return (
    <select aria-label={label} value={value ?? ''} onChange={({ target }) => onChange(target.value === '' ? null : target.value)}>
      <option value="">{any}</option>
      {of.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.text}
        </option>
      ))}
    </select>
  );
}
