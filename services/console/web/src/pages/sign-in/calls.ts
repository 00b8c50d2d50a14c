import type { SignInWays } from '@beacontower/contracts';
import { get, send } from '../../api/client.ts';

/** `secret` in base32; `uri` for an authenticator. */
export interface Setup {
  readonly secret: string;
  readonly uri: string;
}
/** Each is good once, in place of a code. */
export interface Codes {
  readonly codes: readonly string[];
}

/** How one may sign in here. */
export const readWays = (signal?: AbortSignal): Promise<SignInWays> => get<SignInWays>('/session/ways', {}, signal);
export const signInByPassword = (name: string, password: string): Promise<unknown> => send('POST', '/session', { name, password });
export const signInByToken = (token: string): Promise<unknown> => send('POST', '/session', { token });
export const giveCode = (code: string): Promise<unknown> => send('POST', '/session/second-factor', { code });
export const changePassword = (current: string, next: string): Promise<unknown> => send('POST', '/session/password', { current, next });
/** What shows again who one is, where the session is open already. */
export interface ProofAgain {
  readonly password?: string;
  /** Of the present second factor, or a recovery code. */
  readonly code?: string;
}
/** A new secret; it counts once a code of it was given. */
export const beginSecondFactor = (proof: ProofAgain = {}): Promise<Setup> => send<Setup>('POST', '/session/second-factor/setup', proof);
export const removeSecondFactor = (proof: ProofAgain): Promise<unknown> => send('POST', '/session/second-factor/remove', proof);
export const confirmSecondFactor = (code: string): Promise<Codes> => send<Codes>('POST', '/session/second-factor/confirm', { code });
