import { useMutation } from '@tanstack/react-query';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { ProblemNote } from '../../parts/problem.tsx';

interface AskProps {
  /** What will happen; none: it is done at once. */
  readonly ask?: string;
  readonly label: string;
  readonly onCancel?: () => void;
  readonly act: () => Promise<void>;
}

/** Something to do with one press, after saying what it means, and why it was not done when it was not. */
export function AskAndDo({ ask, label, onCancel, act }: AskProps) {
  const common = useWords(COMMON);
  const doing = useMutation({ mutationFn: act });
  return (
    <div className="form">
      {ask === undefined ? null : <p className="note bad">{ask}</p>}
      <ProblemNote error={doing.error} />
      <div className="form-row">
        {onCancel === undefined ? null : (
          <button type="button" className="button" onClick={onCancel}>
            {common.cancel}
          </button>
        )}
        <button type="button" className="button primary" disabled={doing.isPending} onClick={() => doing.mutate()}>
          {label}
        </button>
      </div>
    </div>
  );
}
