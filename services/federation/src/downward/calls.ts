/** `GET /downward` and `POST /receipts`: what is to be done or known below, and what became of it. */
import { type DownwardAnswer, FEDERATION_PATH, Receipts } from '@beacontower/contracts';
import { DOWNWARD_CHANNEL, readDownwardItems, takeReceipts } from '@beacontower/database';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parse } from '../inbox/bodies.ts';
import type { CallContext } from '../inbox/listener.ts';
import { Refusal } from '../protocol/refusal.ts';
import { Waiting } from './waiting.ts';

const LONGEST_WAIT_MS = 60_000;
const ITEMS = 100;
/** How far a receipt may be ahead of the clock here. */
const AHEAD_MS = 60_000;

const DownwardQuery = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  waitMs: z.coerce.number().int().nonnegative().default(0),
});

export function registerDownward(app: FastifyInstance, context: CallContext): void {
  const { database, clock } = context;
  const waiting = new Waiting((wake) => database.listen(DOWNWARD_CHANNEL, wake));
  // Whoever waits is answered before the listener waits for its connections to end.
  app.addHook('preClose', () => waiting.stop());
  app.get(`${FEDERATION_PATH}/downward`, async (request): Promise<DownwardAnswer> => {
    const { node } = context.speaker(request);
    const { after, waitMs } = parse(DownwardQuery, request.query);
    const read = () => readDownwardItems(database, node, after, ITEMS, clock.now());
    // Listened for first: what is added between the reading and the waiting would be seen late.
    const wait = await waiting.begin(node);
    try {
      const found = await read();
      if (found.length > 0 || waitMs === 0) return { items: found };
      await wait.until(Math.min(waitMs, LONGEST_WAIT_MS), request.raw);
      return { items: await read() };
    } finally {
      wait.end();
    }
  });
  app.post(`${FEDERATION_PATH}/receipts`, async (request, reply) => {
    const { node } = context.speaker(request);
    const { receipts } = parse(Receipts, request.body);
    const latest = clock.now() + AHEAD_MS;
    const early = receipts.find(({ at }) => at > latest);
    if (early !== undefined) throw new Refusal('event-in-future', `the receipt of ${early.number} is of a time to come`);
    await database.transaction(async (tx) => {
      const refused = await takeReceipts(tx, node, receipts, clock.now());
      if (refused?.outcome === 'unknown') throw new Refusal('receipt-unknown', `there is no item ${refused.number} for ${node}`);
      if (refused?.outcome === 'differs') throw new Refusal('receipt-differs', `item ${refused.number} was answered otherwise before`);
    });
    return reply.status(204).send();
  });
}
