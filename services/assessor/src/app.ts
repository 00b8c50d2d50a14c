import type { Database } from '@beacontower/database';
import type { Clock, Component, Health, Logger, Registry, Signer } from '@beacontower/runtime';
import { createWarnings } from './warnings/index.ts';

export interface AssessorConfig {
  /** This process's slot, such as `main/report`. */
  readonly instance: string;
  /** How often early warnings are looked at; every minute unless told. */
  readonly warnEveryMs?: number;
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
export function createAssessor(config: AssessorConfig, deps: AssessorDependencies): Component {
  const parts: readonly Component[] = [...createWarnings({ instance: config.instance, everyMs: config.warnEveryMs }, deps)];
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
