import type { AccountSummary, Language } from '@beacontower/contracts';
import { ACCOUNT_WORDS } from './account-words.ts';
import { table } from './table.ts';

/** Accounts for the eye: one a line, columns aligned. */
export function accountTable(accounts: readonly AccountSummary[], language: Language): string {
  const words = ACCOUNT_WORDS[language];
  if (accounts.length === 0) return words.none;
  const rows = accounts.map((account) => [
    account.name,
    account.displayName,
    words.states[account.state],
    account.roles.join(', ') || '-',
    account.divisions.map((division) => (division === '' ? words.everywhere : division)).join(', ') || '-',
    account.lastSignInAt ?? words.never,
  ]);
  return table([[...words.headings], ...rows]);
}
