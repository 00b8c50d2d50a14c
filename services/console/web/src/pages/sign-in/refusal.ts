import { ApiError } from '../../api/client.ts';
import type { SIGN_IN } from './words.ts';

type Refusals = (typeof SIGN_IN)['zh']['errors'];
/** What was tried, for which the same status means another thing. */
export type Attempt = 'password' | 'token' | 'code' | 'change';

const OF_CODE: Readonly<Record<string, keyof Refusals>> = {
  'sign-in-refused': 'sign-in-failed',
  'not-from-here': 'forbidden',
  'password-wrong': 'current-wrong',
  'code-wrong': 'code-wrong',
  'password-refused': 'password-refused',
  'sign-in-again': 'sign-in-again',
  'not-at-this-stage': 'session-gone',
};
const WRONG: Readonly<Record<Attempt, keyof Refusals>> = {
  password: 'sign-in-failed',
  token: 'token-refused',
  code: 'code-wrong',
  change: 'password-refused',
};

/** Which words tell of a refusal. Wrong name, wrong password and locked are one: who tries names learns nothing. */
export function refusalOf(error: unknown, attempt: Attempt): keyof Refusals {
  if (!(error instanceof ApiError)) return 'failed';
  if (error.status === 0) return 'unreachable';
  if (error.status === 429) return 'too-many';
  if (error.status === 503) return 'busy';
  if (error.status >= 500) return 'failed';
  if (attempt === 'token' && (error.status === 401 || error.code === 'viewer-token-only')) return 'token-refused';
  const known = OF_CODE[error.code];
  if (known !== undefined) return known;
  if (error.status === 401) return attempt === 'password' ? 'sign-in-failed' : 'session-gone';
  return error.status === 403 ? 'forbidden' : WRONG[attempt];
}

const SAID_BY_US: readonly (keyof Refusals)[] = [
  'sign-in-failed',
  'current-wrong',
  'code-wrong',
  'token-refused',
  'session-gone',
  'sign-in-again',
];

/** What the API said besides, where a person can act upon it; null where our words are all. */
export function detailOf(error: unknown, faults: Readonly<Record<string, string>> = {}, attempt: Attempt = 'change'): string | null {
  if (!(error instanceof ApiError) || error.problem === null || error.status >= 500) return null;
  const fields = error.problem.errors?.map(({ expected, message }) => faults[expected] ?? message) ?? [];
  if (fields.length > 0) return fields.join(' ');
  return SAID_BY_US.includes(refusalOf(error, attempt)) ? null : error.problem.detail;
}
