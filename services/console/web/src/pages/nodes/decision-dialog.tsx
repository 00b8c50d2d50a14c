import type { EnrolmentView } from '@beacontower/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { approve, refuse, revoke } from './calls.ts';
import { codeOf } from './code.ts';
import { NODES } from './words.ts';

/** What a security administrator does about a node. */
export interface Decision {
  readonly act: 'approve' | 'refuse' | 'revoke';
  readonly request: Pick<EnrolmentView, 'id' | 'node' | 'name' | 'division'>;
}

interface DecisionProps {
  readonly decision: Decision | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Lets a node in by the code that somebody there reads out, refuses it, or puts it out. */
export function DecisionDialog({ decision, onClose, onDone }: DecisionProps) {
  const words = useWords(NODES);
  const titles = { approve: words.approveTitle, refuse: words.refuseTitle, revoke: words.revokeTitle };
  return (
    <Dialog
      open={decision !== null}
      title={decision === null ? '' : titles[decision.act](decision.request.node)}
      onClose={onClose}
      actions={<span />}
    >
      {decision === null ? null : <DecisionForm {...decision} onClose={onClose} onDone={onDone} />}
    </Dialog>
  );
}

function DecisionForm({ act, request, onClose, onDone }: Decision & Omit<DecisionProps, 'decision'>) {
  const words = useWords(NODES);
  const common = useWords(COMMON);
  const [typed, setTyped] = useState('');
  const said = act === 'approve' ? codeOf(typed) : typed.trim() === '' ? null : typed.trim();
  const deciding = useMutation({
    mutationFn: async (): Promise<unknown> => {
      if (said === null) return undefined;
      if (act === 'approve') return approve(request.id, said);
      return act === 'refuse' ? refuse(request.id, said) : revoke(request.node, said);
    },
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    deciding.mutate();
  };
  return (
    <form className="form node-decision" onSubmit={submit}>
      <p>
        {request.name} · {request.division}
      </p>
      {act === 'refuse' ? null : (
        <p className={act === 'revoke' ? 'note bad' : 'note'}>{act === 'approve' ? words.approveHint : words.revokeHint}</p>
      )}
      {act === 'approve' ? (
        <Field label={words.code} value={typed} onChange={setTyped} autoComplete="off" inputMode="numeric" maxLength={9} autoFocus />
      ) : (
        <Field label={words.reason} value={typed} onChange={setTyped} autoComplete="off" maxLength={500} autoFocus />
      )}
      <ProblemNote error={deciding.error} />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {common.cancel}
        </button>
        <button type="submit" className="button primary" disabled={deciding.isPending || said === null}>
          {words[act]}
        </button>
      </div>
    </form>
  );
}
