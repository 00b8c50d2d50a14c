import type { AccountSummary, Language } from '@beacontower/contracts';
import { ACCOUNT_WORDS } from './account-words.ts';

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
  const all = [[...words.headings], ...rows];
  const widths = words.headings.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

// A Chinese character takes two places of a terminal.
function widthOf(text: string): number {
  return [...text].reduce(
    (width, character) =>
      width + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(character) ? 2 : 1),
    0,
  );
}
