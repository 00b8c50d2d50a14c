import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../protocol/refusal.ts';

export interface PlaceLimits {
  readonly all: number;
  readonly ofOne: number;
}

/** A place that was taken is left once, however often that is said. */
export type Leave = () => void;

/** Counts who is in, so that whoever fills all places that are his keeps nobody else out. */
export class Places {
  readonly #limits: PlaceLimits;
  readonly #taken = new Map<string, number>();
  #all = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** Null: there is no place left, of all or of those of `key`. */
  take(key: string): Leave | null {
    const own = this.#taken.get(key) ?? 0;
    if (this.#all >= this.#limits.all || own >= this.#limits.ofOne) return null;
    this.#all += 1;
    this.#taken.set(key, own + 1);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#all -= 1;
      const left = (this.#taken.get(key) ?? 1) - 1;
      if (left === 0) this.#taken.delete(key);
      else this.#taken.set(key, left);
    };
  }

  /** The same; throws `busy` when there is none. */
  enter(key: string): Leave {
    const leave = this.take(key);
    if (leave === null) throw new Refusal('busy', 'too many messages wait here: send this one again a little later');
    return leave;
  }
}

/**
 * Has each request of `app` take a place before its body is read, for bodies are what fills the memory. It is kept until the request was
 * worked off, though its sender went: who sends and goes, again and again, would fill the memory all the same.
 */
export function holdPlaces(app: FastifyInstance, enter: (request: FastifyRequest) => Leave): void {
  const places = new WeakMap<FastifyRequest, Leave>();
  const working = new WeakSet<FastifyRequest>();
  app.addHook('onRequest', async (request) => {
    // Whoever went while it was looked up who he is: nobody would tell that his body ends, and the place would be taken for ever.
    if (request.raw.destroyed || request.raw.socket.destroyed) throw new Refusal('busy', 'the sender went before the message was read');
    places.set(request, enter(request));
  });
  app.addHook('preHandler', async (request) => {
    working.add(request);
  });
  app.addHook('onSend', async (request) => places.get(request)?.());
  app.addHook('onRequestAbort', async (request) => {
    if (!working.has(request)) places.get(request)?.();
  });
}
