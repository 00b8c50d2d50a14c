import { FederationFault, type Transaction } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import { recorded } from '../accounts/record.ts';
import type { RouteContext } from '../context.ts';
import { ApiProblem, notFound } from '../http/problem.ts';

/** A transaction of the federation, which leaves its own row in the audit; what cannot be done as things are is answered by its code. */
export async function act<T>({ database }: RouteContext, request: FastifyRequest, work: (tx: Transaction) => Promise<T>): Promise<T> {
  try {
    return await recorded(database, request, work);
  } catch (error) {
    if (!(error instanceof FederationFault)) throw error;
    if (error.code === 'not-enrolled') throw notFound('node');
    throw new ApiProblem(409, error.code, error.message);
  }
}
