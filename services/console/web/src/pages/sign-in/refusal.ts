import { ApiError } from '../../api/client.ts';
import type { SIGN_IN } from './words.ts';

type Refusals = (typeof SIGN_IN)['zh']['errors'];
/** What was tried, for which the same status means another thing. */
export type Attempt = 'password' | 'token' | 'code' | 'change';

const WRONG: Readonly<Record<Attempt, keyof Refusals>> = {
  password: 'sign-in-failed',
  token: 'token-refused',
  code: 'code-wrong',
  change: 'current-wrong',
};

/** Which words tell of a refusal. Wrong name, wrong password and locked are one: who tries names learns nothing. */
export function refusalOf(error: unknown, attempt: Attempt): keyof Refusals {
  if (!(error instanceof ApiError)) return 'failed';
  if (error.status === 0) return 'unreachable';
  if (error.status === 429) return 'too-many';
  if (error.status === 503) return 'busy';
  if (error.status >= 500) return 'failed';
  if (error.code === 'unauthenticated' || error.code === 'session-required')
    return attempt === 'password' ? 'sign-in-failed' : 'session-gone';
  if (attempt === 'change' && error.status === 422) return 'password-refused';
  if (attempt === 'change' && error.status === 400) return 'password-refused';
  if (error.status === 403 && attempt !== 'code') return 'forbidden';
  return WRONG[attempt];
}

/** What the API said besides, for those refusals that a person can act upon; null where the words above are all. */
export function detailOf(error: unknown): string | null {
  if (!(error instanceof ApiError) || error.problem === null) return null;
  const fields = error.problem.errors?.map(({ message }) => message) ?? [];
  if (fields.length > 0) return fields.join(' ');
  return error.status === 403 || error.status === 400 || error.status === 422 ? error.problem.detail : null;
}
