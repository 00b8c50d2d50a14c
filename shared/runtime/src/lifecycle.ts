import closeWithGrace from 'close-with-grace';
import type { Component, Health } from './component.ts';
import type { Logger } from './logger.ts';

/** Components that run together. */
export interface Running {
  /** Stops all in reverse order; a component that fails to stop is logged and does not keep the others from it. */
  stop(): Promise<void>;
  health(): readonly { readonly name: string; readonly health: Health }[];
}

/** Starts the components in order. When one fails, those already started are stopped in reverse and its error is thrown. */
export async function startInOrder(components: readonly Component[], logger: Logger): Promise<Running> {
  const started: Component[] = [];
  const stop = async () => {
    for (let component = started.pop(); component; component = started.pop()) {
      try {
        await component.stop();
      } catch (error) {
        logger.error({ err: error, component: component.name }, 'did not stop cleanly');
      }
    }
  };
  for (const component of components) {
    try {
      await component.start();
      started.push(component);
    } catch (error) {
      await stop();
      throw error;
    }
  }
  return { stop, health: () => components.map((component) => ({ name: component.name, health: component.health() })) };
}

export interface ClosingOptions {
  readonly logger: Logger;
  /** Longest that `close` may take, ms; the process exits with code 1 when it takes longer. */
  readonly limitMs: number;
  /** Called once. The reason is for the log. */
  readonly close: (reason: string) => Promise<void>;
}

/**
 * Closes once on SIGINT, SIGTERM or an error nobody caught, then exits: 0 after a signal, 1 after an error. A second signal exits at
 * once. SIGHUP is left to the caller. Returns a function that closes for another reason (a lost parent, for one).
 */
export function closeOnSignal(options: ClosingOptions): () => void {
  const { logger, limitMs, close } = options;
  const closing = closeWithGrace({ delay: limitMs, logger, skip: ['SIGHUP', 'beforeExit'] }, async ({ signal, err }) => {
    if (err) logger.fatal({ err }, 'an error nobody caught; closing');
    await close(err ? 'error' : (signal ?? 'asked'));
  });
  return () => closing.close();
}
