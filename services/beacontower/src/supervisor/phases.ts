import type { Component, Logger } from '@beacontower/runtime';

/** Starts groups of components in order, those of one group together, and stops them in reverse, also in the midst of starting. */
export class Phases {
  readonly #logger: Logger;
  readonly #begun: (readonly Component[])[] = [];
  #stopping: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get components(): readonly Component[] {
    return this.#begun.flat();
  }

  /** Resolves when all of the group are ready; rejects when one fails or `stop` was called. The caller then calls `stop`. */
  async start(group: readonly Component[]): Promise<void> {
    if (this.#stopping) throw new Error('stopping');
    this.#begun.push(group);
    await Promise.all(group.map((component) => component.start()));
    if (this.#stopping) throw new Error('stopping');
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    for (const group of this.#begun.toReversed()) {
      const results = await Promise.allSettled(group.map((component) => component.stop()));
      for (const result of results) {
        if (result.status === 'rejected') this.#logger.error({ err: result.reason as unknown }, 'did not stop cleanly');
      }
    }
  }
}
