import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem, badField } from './problem.ts';

/** Gives a revision as the answer's ETag. */
export function setRevision(reply: FastifyReply, revision: number): void {
  reply.header('etag', `"${revision}"`);
}

/** The revision a change asks for by `If-Match`: a number, or null for `*` (whatever it is now). Missing is 428. */
export function expectedRevision(request: FastifyRequest): number | null {
  const given = request.headers['if-match'];
  if (given === undefined) {
    throw new ApiProblem(428, 'if-match-required', 'send the ETag of what you read as If-Match, or * to change it whatever it is now');
  }
  if (given.trim() === '*') return null;
  const revision = /^"(\d{1,9})"$/.exec(given.trim())?.[1];
  if (revision === undefined) throw badField('header', 'If-Match', 'is not an ETag of this server', '"<revision>" or *');
  return Number(revision);
}

/** Throws 412 when what is there is not what the caller read. */
export function checkRevision(expected: number | null, actual: number): void {
  if (expected !== null && expected !== actual) throw staleRevision(actual);
}

export function staleRevision(actual: number): ApiProblem {
  return new ApiProblem(412, 'changed-meanwhile', 'it has changed since you read it; read it again', { headers: { etag: `"${actual}"` } });
}
