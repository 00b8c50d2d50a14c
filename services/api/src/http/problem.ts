import type { FieldError } from '@beacontower/contracts';

/** An answer that is not a success: RFC 9457 by way of the error handler. `code` is stable; `detail` is for people. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    more: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

export function notFound(what: string): ApiProblem {
  return new ApiProblem(404, 'not-found', `there is no such ${what} within your divisions`);
}

/** What another node stated is changed there, and nowhere else: two tiers would account differently. */
export function ofOtherNode(node: string): ApiProblem {
  return new ApiProblem(409, 'of-another-node', `${node} states it: it is changed there`);
}

export function unauthorized(detail: string, error?: string): ApiProblem {
  const challenge = `Bearer realm="beacontower"${error === undefined ? '' : `, error="${error}"`}`;
  return new ApiProblem(401, 'unauthorized', detail, { headers: { 'www-authenticate': challenge } });
}

export function badField(place: FieldError['in'], path: string, message: string, expected: string): ApiProblem {
  return new ApiProblem(400, 'invalid-request', `${path}: ${message}`, { errors: [{ in: place, path, message, expected }] });
}

/** Titles of RFC 9110, for the `title` member. */
export const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
