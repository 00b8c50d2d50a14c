import { type ReactNode, type SyntheticEvent, useEffect, useId, useRef } from 'react';
import { useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import './dialog.css';

interface DialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** A dialog of the browser itself: it keeps the focus, gives it back, and closes by Escape. */
export function Dialog({ open, title, onClose, children, actions }: DialogProps) {
  const words = useWords(COMMON);
  const element = useRef<HTMLDialogElement>(null);
  const told = useRef(false);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog === null) return;
    told.current = !open;
    if (open && !dialog.open) dialog.showModal();
    else if (!open && dialog.open) dialog.close();
  }, [open]);
  const tell = () => {
    if (told.current) return;
    told.current = true;
    onClose();
  };
  // By itself the browser tells of Escape a moment after the dialog is gone: what the next key has opened by then would be closed.
  const onCancel = (event: SyntheticEvent<HTMLDialogElement>) => {
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    event.currentTarget.close();
    tell();
  };
  return (
    <dialog ref={element} className="dialog" aria-labelledby={id} onCancel={onCancel} onClose={tell}>
      {open ? (
        <>
          <h2 id={id}>{title}</h2>
          <div className="dialog-body">{children}</div>
          <div className="dialog-actions">
            {actions ?? (
              <button type="button" className="button" onClick={onClose}>
                {words.close}
              </button>
            )}
          </div>
        </>
      ) : null}
    </dialog>
  );
}

interface ConfirmProps {
  readonly open: boolean;
  readonly title: string;
  /** What will happen, in the words of the button. */
  readonly confirm: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** Asks before something is done that cannot be taken back. */
export function ConfirmDialog({ open, title, confirm, danger = false, busy = false, onConfirm, onCancel, children }: ConfirmProps) {
  const words = useWords(COMMON);
  return (
    <Dialog
      open={open}
      title={title}
      onClose={onCancel}
      actions={
        <>
          <button type="button" className="button" onClick={onCancel}>
            {words.cancel}
          </button>
          <button type="button" className={danger ? 'button danger' : 'button primary'} disabled={busy} onClick={onConfirm}>
            {confirm}
          </button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
