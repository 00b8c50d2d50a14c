import type { Database } from '@beacontower/database';
import type { Clock, Component, Health, Logger, Registry, Signer } from '@beacontower/runtime';

export interface AssessorConfig {
  /** This process's slot, such as `main/report`. */
  readonly instance: string;
}

export interface AssessorDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Signs the evidence of closed periods. */
  readonly signer: Signer;
}

/** What looks at objectives: closes periods, and warns of budgets that burn too fast. Inert until started. */
export function createAssessor(_config: AssessorConfig, _deps: AssessorDependencies): Component {
  const parts: readonly Component[] = [];
  return {
    name: 'assessor',
    async start() {
      for (const part of parts) await part.start();
    },
    async stop() {
      for (const part of [...parts].reverse()) await part.stop();
    },
    health: (): Health => parts.map((part) => part.health()).find(({ status }) => status !== 'ok') ?? { status: 'ok' },
  };
}
