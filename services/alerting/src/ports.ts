import type { Database } from '@beacontower/database';
import type { Look } from '@beacontower/domain';
import type { SecretResolver } from '@beacontower/mail';
import type { Clock, Logger, Registry } from '@beacontower/runtime';

/** Asks for fresh looks at objects; the answers arrive in the ordered log as `looked` entries. */
export interface LookRequester {
  request(looks: readonly Look[]): Promise<void>;
  /** Whether anything seen up to `before` (epoch ms) still waits to be judged: the answer may be in it. */
  unjudged(before: number): Promise<boolean>;
}

/** The bus that says "now" to delivery workers. It may lose what it was told: the sweeper says it again. */
export interface DeliveryBus {
  /** Adds jobs; `delayMs` from now. `retelling` marks one said again, so that the bus does not take it for the first. */
  add(
    jobs: readonly { readonly delivery: string; readonly attempt: number; readonly delayMs: number }[],
    retelling?: number,
  ): Promise<void>;
}

/** Asks those who run elsewhere (collectors, the recorder); rejects with a `RequestError` of the queue when there is no answer. */
export interface Questions {
  ask(kind: string, body: unknown, timeoutMs: number): Promise<unknown>;
}

export interface AlertingDependencies {
  readonly database: Database;
  readonly looks: LookRequester;
  /** For what is looked at when an incident is opened; without it nothing is. */
  readonly questions?: Questions;
  /** Where BullMQ connects, and its key prefix. */
  readonly redisUrl: string;
  readonly bullPrefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Environment and files unless told otherwise. */
  readonly secrets?: SecretResolver;
  /** In [0, 1): the jitter of pauses between attempts. */
  readonly random?: () => number;
}
