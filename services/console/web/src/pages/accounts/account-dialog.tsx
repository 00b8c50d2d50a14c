import type { AccountSummary, OneTimePassword } from '@beacontower/contracts';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay, useSession } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { Moment } from '../../parts/since.tsx';
import '../../parts/cards.css';
import { Rights } from '../me/rights.tsx';
import { AskAndDo } from './ask-and-do.tsx';
import { resetPassword, resetSecondFactor, unlock } from './calls.ts';
import { EditForm } from './edit-form.tsx';
import { RightsForm } from './rights-dialog.tsx';
import { StateTag } from './state-tag.tsx';
import { ACCOUNTS } from './words.ts';

interface AccountDialogProps {
  /** Null: none is open. */
  readonly account: AccountSummary | null;
  readonly onClose: () => void;
  readonly onChanged: () => Promise<void>;
  readonly onPassword: (given: OneTimePassword) => void;
}

type Doing = 'look' | 'edit' | 'rights' | 'password' | 'factor';

/** One account: who it is, and what one's own role may do with it. */
export function AccountDialog({ account, onClose, onChanged, onPassword }: AccountDialogProps) {
  return (
    <Dialog open={account !== null} title={account === null ? '' : `${account.displayName} · ${account.name}`} onClose={onClose}>
      {account === null ? null : <Opened key={account.id} account={account} onChanged={onChanged} onPassword={onPassword} />}
    </Dialog>
  );
}

function Opened({ account, onChanged, onPassword }: Omit<AccountDialogProps, 'account' | 'onClose'> & { account: AccountSummary }) {
  const words = useWords(ACCOUNTS);
  const [doing, setDoing] = useState<Doing>('look');
  const back = () => setDoing('look');
  const done = async () => {
    await onChanged();
    back();
  };
  return (
    <div className="form account-dialog">
      {doing === 'look' ? (
        <>
          <Facts account={account} />
          <Acts account={account} onDo={setDoing} onChanged={onChanged} />
        </>
      ) : null}
      {doing === 'edit' ? <EditForm account={account} onDone={done} onCancel={back} /> : null}
      {doing === 'rights' ? <RightsForm account={account} onDone={done} onCancel={back} /> : null}
      {doing === 'password' ? (
        <AskAndDo
          ask={words.passwordAsk(account.name)}
          label={words.password}
          onCancel={back}
          act={async () => onPassword(await resetPassword(account))}
        />
      ) : null}
      {doing === 'factor' ? (
        <AskAndDo
          ask={words.resetFactorAsk(account.name)}
          label={words.resetFactor}
          onCancel={back}
          act={async () => {
            await resetSecondFactor(account);
            await done();
          }}
        />
      ) : null}
    </div>
  );
}

function Facts({ account }: { account: AccountSummary }) {
  const words = useWords(ACCOUNTS);
  const common = useWords(COMMON);
  return (
    <dl className="facts">
      <dt>{words.state}</dt>
      <dd>
        <StateTag account={account} />
      </dd>
      <dt>{words.roles}</dt>
      <dd>{account.roles.map((role) => common.roles[role]).join('、') || common.none}</dd>
      <dt>{words.divisions}</dt>
      <dd>
        <Rights divisions={account.divisions} />
      </dd>
      <dt>{words.email}</dt>
      <dd>{account.email ?? '—'}</dd>
      <dt>{words.factor}</dt>
      <dd>{account.external ? words.external : account.secondFactor ? words.factorOn : words.factorOff}</dd>
      <dt>{words.passwordSet}</dt>
      <dd>
        <Moment at={account.passwordSetAt} parts="minute" />
      </dd>
      <dt>{words.lastSignIn}</dt>
      <dd>{account.lastSignInAt === null ? words.never : <Moment at={account.lastSignInAt} parts="minute" />}</dd>
      <dt>{words.created}</dt>
      <dd>
        <Moment at={account.createdAt} parts="minute" /> {words.by(account.createdBy)}
      </dd>
    </dl>
  );
}

interface ActsProps {
  readonly account: AccountSummary;
  readonly onDo: (doing: Doing) => void;
  readonly onChanged: () => Promise<void>;
}

/** Only what one's role may do, and what makes sense for this account. */
function Acts({ account, onDo, onChanged }: ActsProps) {
  const words = useWords(ACCOUNTS);
  const makes = useMay('system-administrator');
  const secures = useMay('security-administrator');
  const { name } = useSession();
  const own = account.name === name;
  return (
    <section className="form" aria-label={words.acts}>
      {own && secures ? <p className="form-hint">{words.notYourself}</p> : null}
      {secures && account.state === 'locked' ? (
        <AskAndDo
          label={words.unlock}
          act={async () => {
            await unlock(account);
            await onChanged();
          }}
        />
      ) : null}
      <div className="form-row">
        {makes ? (
          <button type="button" className="button" onClick={() => onDo('edit')}>
            {words.edit}
          </button>
        ) : null}
        {makes && !account.external ? (
          <button type="button" className="button" onClick={() => onDo('password')}>
            {words.password}
          </button>
        ) : null}
        {secures && !own ? (
          <button type="button" className="button primary" onClick={() => onDo('rights')}>
            {words.giveRights}
          </button>
        ) : null}
        {secures && account.secondFactor ? (
          <button type="button" className="button" onClick={() => onDo('factor')}>
            {words.resetFactor}
          </button>
        ) : null}
        {secures && account.sessions > 0 ? (
          <Link className="button" to={`/accounts?tab=sessions&account=${account.id}`}>
            {words.tabs.sessions}
          </Link>
        ) : null}
      </div>
    </section>
  );
}
