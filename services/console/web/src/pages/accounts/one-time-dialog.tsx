import type { OneTimePassword } from '@beacontower/contracts';
import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import '../../parts/cards.css';
import { ACCOUNTS } from './words.ts';

/** A password for somebody else, shown once. It is gone from the page when this is closed. */
export function OneTimeDialog({ given, onClose }: { given: OneTimePassword | null; onClose: () => void }) {
  const words = useWords(ACCOUNTS);
  const { node } = useSession();
  return (
    <Dialog
      open={given !== null}
      title={words.oneTimeTitle}
      onClose={onClose}
      actions={
        <button type="button" className="button primary" onClick={onClose}>
          {words.handedOver}
        </button>
      }
    >
      {given === null ? null : (
        <div className="form account-dialog">
          <span>{words.oneTimeFor(given.account.name)}</span>
          <code className="once">{given.password}</code>
          <p className="form-hint">{words.oneTimeHint(formatTime(given.until, node.timeZone, 'minute'))}</p>
          {given.account.roles.length === 0 ? <p className="note">{words.createdNoRights}</p> : null}
        </div>
      )}
    </Dialog>
  );
}
