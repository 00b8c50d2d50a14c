import { EXPECTED_TIME, type FieldError, type Problem } from '@beacontower/contracts';
import { InvalidCursor, NotAnswered, PasswordsBusy } from '@beacontower/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { App, RouteContext } from '../context.ts';
import { ALWAYS, API_POLICY } from './headers.ts';
import { ApiProblem, badField, TITLES } from './problem.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** Every error and every unknown address is answered as a problem. */
export function registerErrors(app: App, context: RouteContext): void {
  app.setErrorHandler((error, request, reply) => answerError(context, error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new ApiProblem(404, 'no-such-address', 'nothing is served at this address')),
  );
}

/** Answers an error; what we did not foresee is logged and told without its cause. */
export function answerError({ logger }: RouteContext, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500) logger.error({ err: error, requestId: request.id, route: request.routeOptions.url }, 'request failed');
  return sendProblem(request, reply, problem);
}

/** Sends a problem. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ApiProblem): FastifyReply {
  const body: Problem = {
    type: `urn:beacontower:problem:${problem.code}`,
    title: TITLES[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    instance: request.url.split('?')[0] ?? '/',
    requestId: request.id,
    ...(problem.errors === undefined ? {} : { errors: [...problem.errors] }),
  };
  return reply
    .code(problem.status)
    .headers({ ...ALWAYS, 'content-security-policy': API_POLICY, 'cache-control': 'no-store', ...problem.headers })
    .header('content-type', PROBLEM_TYPE)
    .send(JSON.stringify(body));
}

const KNOWN: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body-too-large', 'the body is larger than this server takes'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported-media-type', 'send application/json'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'invalid-body', 'the body is empty, JSON was announced'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'invalid-body', 'the body is not JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'invalid-body', 'the body is not as long as Content-Length says'],
  FST_ERR_BAD_URL: [400, 'invalid-url', 'the address is not a valid URL path'],
};

function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof InvalidCursor) return badField('query', 'cursor', error.message, 'nextCursor of the page before');
  if (error instanceof PasswordsBusy) {
    return new ApiProblem(503, 'passwords-busy', `${error.message}; try again in a moment`, { headers: { 'retry-after': '2' } });
  }
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error);
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? KNOWN[code] : undefined;
  if (known) return new ApiProblem(...known);
  if (error instanceof SyntaxError && statusCode === 400) return new ApiProblem(400, 'invalid-body', 'the body is not JSON');
  if (error instanceof NotAnswered) return unavailable('the database did not answer in time', 5);
  if (isUnavailable(code, error)) return unavailable('a service this one needs is not reachable now', 2);
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new ApiProblem(statusCode, 'invalid-request', TITLES[statusCode] ?? 'the request was not understood');
  }
  return new ApiProblem(500, 'internal', 'an error of ours; the log has it under this requestId');
}

function unavailable(why: string, seconds: number): ApiProblem {
  return new ApiProblem(503, 'unavailable', `${why}; try again`, { headers: { 'retry-after': String(seconds) } });
}

// Connection failures of Node, the classes 08 (connection) and 57P (shut down) of PostgreSQL, and what the driver says without a code.
function isUnavailable(code: unknown, error: unknown): boolean {
  if (typeof code === 'string') return /^(ECONN|ENOENT|EPIPE|ETIMEDOUT)/.test(code) || /^(08|57P)/.test(code);
  return error instanceof Error && /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message);
}

const PLACES: Readonly<Record<string, FieldError['in']>> = { querystring: 'query', params: 'path', body: 'body', headers: 'header' };

function invalidRequest(error: {
  validation: { instancePath: string; message?: string; params: object; keyword: string }[];
  validationContext?: string | undefined;
}): ApiProblem {
  const place = PLACES[error.validationContext ?? ''] ?? 'body';
  const errors = error.validation.flatMap((issue): FieldError[] => {
    const path = issue.instancePath
      .split('/')
      .filter((part) => part !== '')
      .join('.');
    const message = issue.message ?? 'is not valid';
    const keys = (issue.params as { keys?: unknown }).keys;
    if (issue.keyword === 'unrecognized_keys' && Array.isArray(keys)) {
      return keys.map((key) => ({
        in: place,
        path: [path, String(key)].filter((part) => part !== '').join('.'),
        message: 'is not known here',
        expected: 'no such field',
      }));
    }
    return [{ in: place, path: path === '' ? place : path, message, expected: expectedBy(issue.keyword, issue.params, message) }];
  });
  const detail = errors.map((each) => `${each.path}: ${each.message}`).join('; ');
  return new ApiProblem(400, 'invalid-request', detail.slice(0, 2_000), { errors: errors.slice(0, 100) });
}

function expectedBy(keyword: string, params: object, message: string): string {
  const issue = params as { expected?: unknown; values?: unknown; minimum?: unknown; maximum?: unknown; format?: unknown };
  if (message.endsWith(EXPECTED_TIME)) return EXPECTED_TIME;
  if (keyword === 'invalid_type') return String(issue.expected);
  if (keyword === 'invalid_value' && Array.isArray(issue.values)) return issue.values.map(String).join(' | ');
  if (keyword === 'too_small') return `at least ${String(issue.minimum)}`;
  if (keyword === 'too_big') return `at most ${String(issue.maximum)}`;
  if (keyword === 'invalid_format') return String(issue.format);
  return message;
}
