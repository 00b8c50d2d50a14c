import { FEDERATION_PATH, type Marks } from '@beacontower/contracts';
import { readMarks } from '@beacontower/database';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parse } from './bodies.ts';
import type { CallContext } from './listener.ts';

const MarksQuery = z.object({ incarnation: z.uuid() });

/** `GET /marks`: places of a log that are remembered here, newest first, by which a node whose back-up was restored finds a common one. */
export function registerMarks(app: FastifyInstance, { database, speaker }: CallContext): void {
  app.get(`${FEDERATION_PATH}/marks`, async (request): Promise<Marks> => {
    const { node } = speaker(request);
    const { incarnation } = parse(MarksQuery, request.query);
    return { marks: await readMarks(database, node, incarnation) };
  });
}
