import type { Database } from '@beacontower/database';
import type { SecretResolver } from '@beacontower/mail';
import type { Clock, Logger, Registry } from '@beacontower/runtime';

export interface ReportingDependencies {
  readonly database: Database;
  readonly redisUrl: string;
  /** First part of BullMQ's keys. */
  readonly bullPrefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Environment and files unless told otherwise. */
  readonly secrets?: SecretResolver;
  /** In [0, 1): the jitter of pauses between attempts to send. */
  readonly random?: () => number;
}
