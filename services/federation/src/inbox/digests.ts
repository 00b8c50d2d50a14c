import { type DigestAnswer, DigestQuery, FEDERATION_PATH } from '@beacontower/contracts';
import { digestRecord, objectsToldBy, readFederatedNode } from '@beacontower/database';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { Refusal } from '../protocol/refusal.ts';
import { parse } from './bodies.ts';
import type { CallContext } from './listener.ts';
import { readNodeScope } from './scope.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 31;

/** `POST /digests`: how the record of the sender's objects looks here, by which both sides find where histories differ. */
export function registerDigests(app: FastifyInstance, context: CallContext): void {
  app.post(`${FEDERATION_PATH}/digests`, { bodyLimit: 64 * 1024 }, async (request) => {
    const { node } = context.speaker(request);
    return digests(context, node, parse(DigestQuery, request.body));
  });
}

/** `to` is the last day. */
async function digests({ database }: CallContext, node: string, query: z.infer<typeof DigestQuery>): Promise<DigestAnswer> {
  const [from, to] = [Date.parse(`${query.from}T00:00:00Z`), Date.parse(`${query.to}T00:00:00Z`) + DAY_MS];
  if (to <= from) throw new Refusal('message-invalid', 'to: lies before from');
  if (to - from > MOST_DAYS * DAY_MS) throw new Refusal('message-invalid', `to: at most ${MOST_DAYS} days at once`);
  return database.transaction(async (tx) => {
    // The place and the record of one moment: a batch that is applied meanwhile is in neither.
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const held = await readFederatedNode(tx, node);
    if (held === null) throw new Refusal('certificate-foreign', `${node} is not enrolled here`);
    const { nodes } = await readNodeScope(tx, held);
    const found = await digestRecord(tx, { from, to }, objectsToldBy(nodes));
    const { incarnation, sequence, hash } = held;
    return {
      applied: incarnation === null || hash === null ? null : { incarnation, sequence, hash },
      digests: found.map(({ date, bucket, digest, transitions }) => ({ date, bucket, digest, transitions })),
    };
  });
}
