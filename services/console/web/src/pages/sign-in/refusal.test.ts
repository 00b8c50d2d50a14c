import { describe, expect, it } from 'vitest';
import { ApiError } from '../../api/client.ts';
import { detailOf, refusalOf } from './refusal.ts';

const problem = (status: number, code: string, errors?: { expected: string; message: string }[]) =>
  new ApiError(status, { code, detail: 'in English', status, errors } as never, 'in English');

describe('why signing in was refused', () => {
  it.each([
    [problem(401, 'sign-in-refused'), 'password', 'sign-in-failed', null],
    [problem(401, 'sign-in-refused'), 'token', 'token-refused', null],
    [problem(403, 'not-from-here'), 'password', 'forbidden', 'in English'],
    [problem(403, 'password-wrong'), 'change', 'current-wrong', null],
    [problem(403, 'code-wrong'), 'code', 'code-wrong', null],
    [problem(403, 'sign-in-again'), 'code', 'sign-in-again', null],
    [problem(401, 'unauthenticated'), 'code', 'session-gone', null],
    [problem(429, 'too-many-requests'), 'password', 'too-many', 'in English'],
    [problem(503, 'busy'), 'password', 'busy', null],
    [problem(500, 'internal'), 'code', 'failed', null],
    [new ApiError(0, null, ''), 'password', 'unreachable', null],
    [new Error('x'), 'password', 'failed', null],
  ] as const)('%s at %s is %s', (error, attempt, refusal, detail) => {
    expect([refusalOf(error, attempt), detailOf(error, {}, attempt)]).toEqual([refusal, detail]);
  });

  it('says each fault of a password in the words of the reader', () => {
    const error = problem(400, 'password-refused', [
      { expected: 'too-short', message: 'x' },
      { expected: 'new-fault', message: 'said by the server' },
    ]);
    expect(detailOf(error, { 'too-short': '太短。' })).toBe('太短。 said by the server');
  });
});
