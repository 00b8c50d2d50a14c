import type { Database } from '@beacontower/database';
import { type Clock, type Component, componentOf, type Logger, type Registry, type Signer } from '@beacontower/runtime';
import { createClosing } from './closing/index.ts';
import { createWarnings } from './warnings/index.ts';

export interface AssessorConfig {
  /** This process's slot, such as `main/report`. */
  readonly instance: string;
  /** How often early warnings are looked at; every minute unless told. */
  readonly warnEveryMs?: number;
  /** How often ended periods and late data are looked for; every minute unless told. */
  readonly closeEveryMs?: number;
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
  const { instance, warnEveryMs, closeEveryMs } = config;
  return componentOf('assessor', [
    ...createClosing({ instance, everyMs: closeEveryMs }, deps),
    ...createWarnings({ instance, everyMs: warnEveryMs }, deps),
  ]);
}
