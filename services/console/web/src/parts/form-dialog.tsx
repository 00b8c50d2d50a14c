import { type FormEvent, type ReactNode, useId } from 'react';
import { useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import { Dialog } from './confirm-dialog.tsx';
import { Failure } from './failure.tsx';
import './tables.css';

interface FormDialogProps {
  readonly title: string;
  /** The word on the button that sends it. */
  readonly submit: string;
  readonly busy: boolean;
  /** What is wrong with what was filled in; null: nothing. */
  readonly fault: string | null;
  /** What the node answered to it; null: it did not refuse. */
  readonly error: unknown;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form that is filled in, judged and sent, in a dialog of its own. */
export function FormDialog({ title, submit, busy, fault, error, onSubmit, onClose, children }: FormDialogProps) {
  const words = useWords(COMMON);
  const form = useId();
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" form={form} className="button primary" disabled={busy}>
            {submit}
          </button>
        </>
      }
    >
      <form id={form} className="plain-form" onSubmit={send} noValidate>
        {children}
        {fault === null ? null : (
          <p role="alert" className="fault">
            {fault}
          </p>
        )}
        {error == null ? null : <Failure error={error} />}
      </form>
    </Dialog>
  );
}
