import { ApiProblem } from '../http/problem.ts';

/**
 * One answer for whatever was wrong, in words and in time: a stranger learns neither which names there are nor which of them are
 * locked. Who is meant knows it from the people who unlock.
 */
export function signInRefused(): ApiProblem {
  return new ApiProblem(401, 'sign-in-refused', 'the name or the password is wrong, or the account is locked for a while or disabled');
}

export function notFromHere(): ApiProblem {
  return new ApiProblem(403, 'not-from-here', 'administrators work from certain networks only, and this is none of them');
}

export function passwordWrong(): ApiProblem {
  return new ApiProblem(403, 'password-wrong', 'the password is wrong');
}

export function codeWrong(): ApiProblem {
  return new ApiProblem(403, 'code-wrong', 'the code is wrong, or it was used before; the next one comes within 30 seconds');
}

/** What a session cannot do at its stage. */
export function notAtThisStage(stage: string): ApiProblem {
  return new ApiProblem(409, 'not-at-this-stage', `this session is at "${stage}": GET /api/v1/session says what it needs`);
}

/** What only a person who signed in by an account can do. */
export function accountNeeded(): ApiProblem {
  return new ApiProblem(403, 'account-needed', 'this is of people with an account: sign in by name, not by a token');
}
