import type {
  AccessPolicy,
  AccountRights,
  AccountSummary,
  NewAccessPolicy,
  NewAccount,
  OneTimePassword,
  Page,
  SessionSummary,
} from '@beacontower/contracts';
import { get, send } from '../../api/client.ts';

type Same = Pick<AccountSummary, 'id' | 'revision'>;
const at = ({ id }: Pick<AccountSummary, 'id'>) => `/accounts/${encodeURIComponent(id)}`;

export const readAccounts = (q: string, cursor: string | null, signal: AbortSignal): Promise<Page<AccountSummary>> =>
  get('/accounts', { q, cursor, limit: 100 }, signal);
export const createAccount = (account: NewAccount): Promise<AccountSummary> => send('POST', '/accounts', account);
export const changeAccount = (
  account: Same,
  change: { displayName: string; email: string | null; disabled: boolean },
): Promise<AccountSummary> => send('PUT', at(account), change, { ifMatch: account.revision });
export const giveRights = (account: Same, rights: AccountRights): Promise<AccountSummary> =>
  send('PUT', `${at(account)}/rights`, rights, { ifMatch: account.revision });
export const resetPassword = (account: Same): Promise<OneTimePassword> => send('POST', `${at(account)}/password`, {});
export const unlock = (account: Same): Promise<unknown> => send('POST', `${at(account)}/unlock`, {});
export const resetSecondFactor = (account: Same): Promise<unknown> => send('POST', `${at(account)}/second-factor/reset`, {});

export const readSessions = (account: string | null, signal: AbortSignal): Promise<Page<SessionSummary>> =>
  get('/sessions', { account }, signal);
export const endSession = (session: Pick<SessionSummary, 'id'>): Promise<unknown> =>
  send('DELETE', `/sessions/${encodeURIComponent(session.id)}`);

export const readPolicy = (signal: AbortSignal): Promise<AccessPolicy> => get('/access-policy', {}, signal);
export const savePolicy = (policy: NewAccessPolicy, revision: number): Promise<AccessPolicy> =>
  send('PUT', '/access-policy', policy, { ifMatch: revision });
