import type { AccountSummary } from '@beacontower/contracts';
import { useWords } from '../../i18n/language.tsx';
import { Moment } from '../../parts/since.tsx';
import '../../parts/cards.css';
import { ACCOUNTS } from './words.ts';

const LOOKS: Readonly<Record<AccountSummary['state'], string>> = {
  active: 'good',
  locked: 'bad',
  disabled: 'off',
  'must-change': 'warn',
  'no-rights': 'warn',
};
const MARKS: Readonly<Record<AccountSummary['state'], string>> = {
  active: '●',
  locked: '✕',
  disabled: '■',
  'must-change': '▲',
  'no-rights': '○',
};

/** Whether somebody can sign in, as a shape and a word. */
export function StateTag({ account }: { account: Pick<AccountSummary, 'state' | 'lockedUntil'> }) {
  const words = useWords(ACCOUNTS);
  return (
    <span className={`tag ${LOOKS[account.state]}`}>
      <span aria-hidden="true">{MARKS[account.state]}</span>
      {words.states[account.state]}
      {account.state === 'locked' && account.lockedUntil !== null ? (
        <span>
          {words.lockedUntil} <Moment at={account.lockedUntil} parts="clock" />
        </span>
      ) : null}
    </span>
  );
}
