import { describe, expect, it } from 'vitest';
import { actionWords } from './action-words.ts';

// Those of docs/accounts.md, "What the audit says".
const SESSION = ['sign-in', 'second-factor', 'password-asked', 'sign-out', 'expired', 'end'].map((act) => `session.${act}`);
const ACCOUNT = [
  ...['create', 'change', 'rights', 'password-reset', 'password-changed', 'locked', 'unlock'],
  ...['second-factor-shown', 'second-factor-set', 'second-factor-removed', 'second-factor-reset'],
].map((act) => `account.${act}`);
const INCIDENT = ['acknowledge', 'assign', 'accept', 'decline', 'comment', 'merge', 'split', 'unmerge', 'resolve', 'close', 'reopen'].map(
  (act) => `incident.${act}`,
);

describe('the words of what was done', () => {
  it.each([...SESSION, ...ACCOUNT, 'access-policy.change', 'token.create', ...INCIDENT])('%s is said in both languages', (action) => {
    expect(actionWords(action, 'zh')).toMatch(/[一-鿿]/);
    expect(actionWords(action, 'en')).toMatch(/^[a-z -]+$/);
  });
  it('what nobody has words for is shown as it was recorded', () => {
    expect(actionWords('something.else', 'zh')).toBeNull();
  });
});
