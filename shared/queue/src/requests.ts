/**
 * Questions and answers over Redis: whoever owns something (the sample store) answers those who run elsewhere, and neither knows
 * where the other is.
 *
 *   requests:<kind>           list of the ids of questions that wait, bounded
 *   requests:<kind>:<id>      the question; Redis itself forgets it when nobody awaits the answer any more
 *   requests:<kind>:answering set while somebody answers questions of this kind
 *   answers:<asker>           list of answers for one asker
 */
import { randomUUID } from 'node:crypto';
import { type Component, type Health, type Logger, Loop, type LoopResult } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { packValue, unpackValue } from './codec.ts';
import type { Keys } from './keys.ts';

/** Questions that wait in one queue before further ones are refused. */
const MOST_WAITING = 200;
/** How long the word that somebody answers is believed. */
const ANSWERING_MS = 4_000;
const SAY_EVERY_MS = 1_000;
/** An answer that nobody took is forgotten. */
const ANSWER_KEPT_MS = 30_000;

const Question = z.object({ id: z.string(), asker: z.string(), body: z.unknown() });
const Answer = z.union([
  z.object({ id: z.string(), value: z.unknown() }),
  z.object({ id: z.string(), error: z.object({ code: z.string(), message: z.string() }) }),
]);

/**
 * Why there is no answer. `nobody`: no one answers questions of this kind; `busy`: too many wait; `late`: no answer in time;
 * any other code is the answerer's own.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Asks whoever answers questions of a kind, and resolves to the answer (not checked: the caller parses it). Rejects with a
 * `RequestError`. The first question opens a further connection, for answers, which ends when `redis` does.
 */
export async function ask(
  redis: Redis,
  keys: Keys,
  kind: string,
  body: unknown,
  options: { readonly timeoutMs: number },
): Promise<unknown> {
  const inbox = inboxOf(redis, keys);
  const id = randomUUID();
  const queue = queueOf(keys, kind);
  const answer = inbox.expect(id, options.timeoutMs);
  try {
    await Promise.race([answer, send(redis, keys, kind, { id, asker: inbox.name, body }, options.timeoutMs)]);
    return await answer;
  } catch (error) {
    inbox.forget(id);
    // Not awaited: when Redis is away it would not return, and the question has its own end.
    void redis
      .pipeline()
      .lrem(queue, 1, id)
      .del(questionKey(keys, kind, id))
      .exec()
      .catch(() => undefined);
    throw error;
  }
}

async function send(redis: Redis, keys: Keys, kind: string, question: z.input<typeof Question>, timeoutMs: number): Promise<void> {
  const queue = queueOf(keys, kind);
  const [answering, waiting] = await Promise.all([redis.exists(answeringKey(keys, kind)), redis.llen(queue)]);
  if (answering === 0) throw new RequestError('nobody', `nobody answers questions of the kind "${kind}"`);
  if (waiting >= MOST_WAITING) throw new RequestError('busy', `${waiting} questions of the kind "${kind}" wait already`);
  const multi = redis.multi();
  multi.set(questionKey(keys, kind, question.id), packValue(question), 'PX', timeoutMs);
  multi.rpush(queue, question.id);
  for (const [error] of (await multi.exec()) ?? []) if (error) throw error;
}

/** What the askers of one connection await. */
class Inbox {
  readonly name = randomUUID();
  readonly #key: string;
  readonly #connection: Redis;
  readonly #awaited = new Map<string, (answer: z.infer<typeof Answer> | RequestError) => void>();
  #isReading = false;

  constructor(redis: Redis, keys: Keys) {
    this.#key = answersKey(keys, this.name);
    this.#connection = redis.duplicate();
    // What happens to the connection shows in the questions: they end by their time.
    this.#connection.on('error', () => undefined);
    redis.once('end', () => this.#connection.disconnect());
  }

  expect(id: string, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(new RequestError('late', `no answer within ${timeoutMs} ms`)), timeoutMs);
      const settle = (answer: z.infer<typeof Answer> | RequestError) => {
        clearTimeout(timer);
        this.#awaited.delete(id);
        if (answer instanceof RequestError) reject(answer);
        else if ('error' in answer) reject(new RequestError(answer.error.code, answer.error.message));
        else resolve(answer.value);
      };
      this.#awaited.set(id, settle);
      void this.#read();
    });
  }

  forget(id: string): void {
    this.#awaited.get(id)?.(new RequestError('late', 'no longer awaited'));
  }

  /** Reads answers for as long as one is awaited. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#awaited.size > 0 && this.#connection.status !== 'end') {
      const taken = await this.#connection.blpopBuffer(this.#key, 1).catch(() => null);
      const answer = taken?.[1] === undefined ? null : tryParse(Answer, taken[1]);
      if (answer) this.#awaited.get(answer.id)?.(answer);
    }
    this.#isReading = false;
  }
}

const inboxes = new WeakMap<Redis, Inbox>();

function inboxOf(redis: Redis, keys: Keys): Inbox {
  let inbox = inboxes.get(redis);
  if (!inbox) {
    inbox = new Inbox(redis, keys);
    inboxes.set(redis, inbox);
  }
  return inbox;
}

/** How questions of one kind are answered. What it throws is told: a `RequestError` by its code, anything else as `failed`. */
export type Answerer = (body: unknown) => Promise<unknown>;

/** What a responder works with. */
export interface ResponderOptions {
  /** For short commands. */
  readonly redis: Redis;
  /** A connection of its own: the responder blocks on it. */
  readonly blockingRedis: Redis;
  readonly keys: Keys;
  readonly answerers: Readonly<Record<string, Answerer>>;
  /** Questions answered at the same time. */
  readonly concurrency: number;
  readonly logger: Logger;
}

/** Answers questions while it runs; `stop` finishes those it has taken. Several responders share the questions of a kind. */
export function createResponder(options: ResponderOptions): Component {
  return new Responder(options);
}

class Responder implements Component {
  readonly name = 'responder';
  readonly #options: ResponderOptions;
  readonly #kinds: readonly string[];
  /** Key of a queue → the kind whose questions wait in it. */
  readonly #queues: ReadonlyMap<string, string>;
  readonly #underWay = new Set<Promise<void>>();
  readonly #taking: Loop;
  readonly #saying: Loop;

  constructor(options: ResponderOptions) {
    const { keys, logger, redis } = options;
    this.#options = options;
    this.#kinds = Object.keys(options.answerers);
    this.#queues = new Map(this.#kinds.map((kind) => [queueOf(keys, kind), kind]));
    this.#taking = new Loop({ name: 'responder', logger, pauseMs: 0, failurePauseMs: 500, pass: () => this.#take() });
    this.#saying = new Loop({
      name: 'responder presence',
      logger,
      pauseMs: SAY_EVERY_MS,
      pass: async () => {
        await sayAnswering(redis, keys, this.#kinds);
        return 'pause';
      },
    });
  }

  async start(): Promise<void> {
    await sayAnswering(this.#options.redis, this.#options.keys, this.#kinds);
    this.#saying.start();
    this.#taking.start();
  }

  async stop(): Promise<void> {
    const { redis, keys } = this.#options;
    await this.#saying.stop();
    await this.#taking.stop();
    await Promise.allSettled(this.#underWay);
    if (redis.status === 'ready') await redis.del(...this.#kinds.map((kind) => answeringKey(keys, kind))).catch(() => undefined);
  }

  health(): Health {
    return { status: 'ok' };
  }

  /** Takes one question, once there is room for it. */
  async #take(): Promise<LoopResult> {
    const { redis, blockingRedis, keys, concurrency, logger } = this.#options;
    while (this.#underWay.size >= concurrency) await Promise.race(this.#underWay);
    const taken = await blockingRedis.blpop(...this.#queues.keys(), 0.5);
    const kind = taken === null ? undefined : this.#queues.get(taken[0]);
    if (taken === null || kind === undefined) return 'again';
    const key = questionKey(keys, kind, taken[1]);
    const replies = await redis.multi().getBuffer(key).del(key).exec();
    const bytes = replies?.[0]?.[1];
    if (!Buffer.isBuffer(bytes)) return 'again';
    const task = this.#answer(kind, bytes)
      .catch((error: unknown) => logger.warn({ err: error, kind }, 'an answer could not be sent'))
      .finally(() => this.#underWay.delete(task));
    this.#underWay.add(task);
    return 'again';
  }

  async #answer(kind: string, bytes: Buffer): Promise<void> {
    const { redis, keys, answerers, logger } = this.#options;
    const question = tryParse(Question, bytes);
    const answerer = answerers[kind];
    if (!question || !answerer) return;
    const { id, asker, body } = question;
    const said = await answerer(body).then(
      (value): z.input<typeof Answer> => ({ id, value }),
      (error: unknown): z.input<typeof Answer> => {
        if (error instanceof RequestError) return { id, error: { code: error.code, message: error.message } };
        logger.warn({ err: error, kind }, 'a question could not be answered');
        return { id, error: { code: 'failed', message: 'the question could not be answered; the log of its answerer tells why' } };
      },
    );
    const list = answersKey(keys, asker);
    await redis.multi().rpush(list, packValue(said)).pexpire(list, ANSWER_KEPT_MS).exec();
  }
}

async function sayAnswering(redis: Redis, keys: Keys, kinds: readonly string[]): Promise<void> {
  const multi = redis.multi();
  for (const kind of kinds) multi.set(answeringKey(keys, kind), '1', 'PX', ANSWERING_MS);
  await multi.exec();
}

function queueOf(keys: Keys, kind: string): string {
  return keys.requests(kind);
}
function questionKey(keys: Keys, kind: string, id: string): string {
  return `${keys.requests(kind)}:${id}`;
}
function answeringKey(keys: Keys, kind: string): string {
  return `${keys.requests(kind)}:answering`;
}
function answersKey(keys: Keys, asker: string): string {
  return keys.answers(asker);
}

function tryParse<T>(schema: z.ZodType<T>, bytes: Buffer): T | null {
  try {
    return schema.parse(unpackValue(bytes));
  } catch {
    return null;
  }
}
