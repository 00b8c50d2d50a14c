import type { CreatedInvitation } from '@beacontower/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { Moment } from '../../parts/since.tsx';
import { invite } from './calls.ts';
import { NODES } from './words.ts';

interface InviteProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onMade: (invitation: CreatedInvitation) => void;
}

/** Invites a node: what comes of it is a token that is good once. */
export function InviteDialog({ open, onClose, onMade }: InviteProps) {
  const words = useWords(NODES);
  return (
    <Dialog open={open} title={words.invite} onClose={onClose} actions={<span />}>
      {open ? <InviteForm onClose={onClose} onMade={onMade} /> : null}
    </Dialog>
  );
}

const HOURS = '72';

function InviteForm({ onClose, onMade }: Omit<InviteProps, 'open'>) {
  const words = useWords(NODES);
  const common = useWords(COMMON);
  const [node, setNode] = useState('');
  const [name, setName] = useState('');
  const [division, setDivision] = useState('');
  const [hours, setHours] = useState(HOURS);
  const inviting = useMutation({
    mutationFn: () => invite({ node: node.trim(), name: name.trim(), division: division.trim(), hours: Number(hours) }),
    onSuccess: onMade,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    inviting.mutate();
  };
  const isFilled = [node, name, division, hours].every((text) => text.trim() !== '');
  return (
    <form className="form" onSubmit={submit}>
      <p className="form-hint">{words.inviteHint}</p>
      <Field label={words.nodeId} hint={words.nodeIdHint} value={node} onChange={setNode} autoComplete="off" maxLength={63} autoFocus />
      <Field label={words.name} value={name} onChange={setName} autoComplete="off" maxLength={100} />
      <Field label={words.division} hint={words.divisionHint} value={division} onChange={setDivision} autoComplete="off" maxLength={256} />
      <Field label={words.hours} value={hours} onChange={setHours} autoComplete="off" inputMode="numeric" maxLength={3} />
      <ProblemNote error={inviting.error} />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {common.cancel}
        </button>
        <button type="submit" className="button primary" disabled={inviting.isPending || !isFilled}>
          {words.invite}
        </button>
      </div>
    </form>
  );
}

/** The token, shown once; it is gone from the page when this is closed. */
export function TokenDialog({ made, onClose }: { made: CreatedInvitation | null; onClose: () => void }) {
  const words = useWords(NODES);
  return (
    <Dialog
      open={made !== null}
      title={words.token}
      onClose={onClose}
      actions={
        <button type="button" className="button primary" onClick={onClose}>
          {words.handedOver}
        </button>
      }
    >
      {made === null ? null : (
        <div className="form">
          <span>
            {made.name} <code>{made.node}</code>
          </span>
          <code className="once node-code">{made.token}</code>
          <p className="form-hint">
            {words.tokenOnce} {words.expires} <Moment at={made.expiresAt} parts="minute" />
          </p>
        </div>
      )}
    </Dialog>
  );
}
