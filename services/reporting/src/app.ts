import type { Database } from '@beacontower/database';
import type { Clock, Component, Health, Logger, Registry } from '@beacontower/runtime';

export interface ReportingConfig {
  /** This process's slot, such as `main/report`. */
  readonly instance: string;
}

export interface ReportingDependencies {
  readonly database: Database;
  readonly redisUrl: string;
  /** First part of BullMQ's keys. */
  readonly bullPrefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** Makes reports: takes their jobs, renders, and sends what is scheduled. Inert until started. */
export function createReporting(_config: ReportingConfig, _deps: ReportingDependencies): Component {
  const parts: readonly Component[] = [];
  return {
    name: 'reporting',
    async start() {
      for (const part of parts) await part.start();
    },
    async stop() {
      for (const part of [...parts].reverse()) await part.stop();
    },
    health: (): Health => parts.map((part) => part.health()).find(({ status }) => status !== 'ok') ?? { status: 'ok' },
  };
}
