import { randomUUID } from 'node:crypto';
import { type ObjectiveBody, warningTitle } from '@beacontower/contracts';
import {
  type ActiveWarning,
  assertLeases,
  type Database,
  FencedOut,
  type Lease,
  type LeasedWork,
  readActiveWarnings,
  readCurrentEntities,
  readNodeIdentity,
  readWarningFacts,
  type Turn,
  type WarningChange,
  type WarningEnding,
  writeWarningChange,
} from '@beacontower/database';
import { type BurnVerdict, decideWarning } from '@beacontower/domain';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import { assess, describeWarning } from './assess.ts';
import type { WarningMetrics } from './metrics.ts';

export const WARNINGS_LEASE = 'early-warnings';
const VERDICTS: readonly BurnVerdict[] = ['fires', 'quiet', 'not-observed', 'window-below-resolution'];

export interface WarningWatcherDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: WarningMetrics;
}

/**
 * Looks at every objective that has early warnings, once a round, and opens, escalates and resolves their incidents; one at a time
 * in the whole node, under its lease. It remembers nothing: what is under way is in the record. People are told by the alerting,
 * which reads of it in the log.
 */
export class WarningWatcher implements LeasedWork {
  readonly name = 'early-warnings';
  readonly lease = WARNINGS_LEASE;
  readonly pauseMs: number;
  readonly #deps: WarningWatcherDependencies;

  constructor(options: { readonly everyMs: number }, deps: WarningWatcherDependencies) {
    this.#deps = deps;
    this.pauseMs = options.everyMs;
  }

  async pass({ lease, fault }: Pick<Turn, 'lease' | 'fault'>): Promise<LoopResult> {
    const { database, clock, metrics } = this.#deps;
    const startedAt = clock.monotonic();
    const objectives = new Map((await readCurrentEntities(database, 'objective')).map((objective) => [objective.id, objective]));
    const active = await readActiveWarnings(database);
    for (const warning of active.values()) {
      const objective = objectives.get(warning.objective);
      if (objective === undefined) await this.#end(lease, warning, 'retired');
      else if (objective.warnings.length === 0) await this.#end(lease, warning, 'unwatched');
    }
    const watched = [...objectives.values()].filter(({ warnings }) => warnings.length > 0);
    const counts = new Map<BurnVerdict, number>();
    for (const objective of watched) {
      for (const verdict of await this.#lookAt({ lease, fault }, objective, active.get(objective.id))) {
        counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
      }
    }
    metrics.objectives.set(watched.length);
    for (const verdict of VERDICTS) metrics.verdicts.set({ verdict }, counts.get(verdict) ?? 0);
    metrics.active.set((await readActiveWarnings(database)).size);
    metrics.looking.observe((clock.monotonic() - startedAt) / 1_000);
    return 'pause';
  }

  /** One objective that cannot be looked at (a calendar that is gone, say) must not keep the others from it. */
  async #lookAt(
    { lease, fault }: Pick<Turn, 'lease' | 'fault'>,
    objective: ObjectiveBody,
    active: ActiveWarning | undefined,
  ): Promise<readonly BurnVerdict[]> {
    try {
      const { database, clock } = this.#deps;
      const now = clock.now();
      const { firing, held, verdicts } = await assess(database, objective, now, active !== undefined);
      const decision = decideWarning(
        active?.severity ?? null,
        firing.map(({ severity }) => severity),
        held,
      );
      if (decision.change === 'none') return verdicts;
      const about = await describeWarning(database, objective, firing, now);
      if (decision.change === 'opened') {
        const { division, class: objectClass } = objective;
        const title = warningTitle(await this.#language(), objective);
        const { change, severity } = decision;
        await this.#write(lease, { change, id: randomUUID(), severity, title, division, class: objectClass ?? 'other', about, at: now });
      } else if (active !== undefined) {
        const head = { id: active.id, about, at: now };
        if (decision.change === 'resolved') await this.#write(lease, { ...head, change: 'resolved', reason: 'recovered' });
        else await this.#write(lease, { ...head, change: 'escalated', severity: decision.severity });
      }
      return verdicts;
    } catch (error) {
      if (error instanceof FencedOut) throw error;
      fault(error);
      this.#deps.logger.warn({ err: error, objective: objective.id }, 'an objective could not be looked at; it is looked at again');
      return [];
    }
  }

  /** Of an objective that is gone nothing more can be computed: what was last said of it stands. */
  async #end(lease: Lease, { id, objective }: ActiveWarning, reason: WarningEnding): Promise<void> {
    const facts = (await readWarningFacts(this.#deps.database, [id])).get(id);
    const last = facts?.get('escalated') ?? facts?.get('opened');
    if (last === undefined)
      throw new Error(`the early warning ${id} of the objective ${objective} has no event that says what it is about`);
    await this.#write(lease, { change: 'resolved', id, reason, about: { ...last.warning, firing: [] }, at: this.#deps.clock.now() });
  }

  async #write(lease: Lease, change: WarningChange): Promise<void> {
    const { database, metrics, logger } = this.#deps;
    const written = await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      return writeWarningChange(tx, change);
    });
    if (!written) return;
    metrics.changes.inc({ change: change.change });
    logger.info({ objective: change.about.objective, incident: change.id, change: change.change }, 'early warning');
  }

  async #language(): Promise<'zh' | 'en'> {
    const [identity, nodes] = await Promise.all([readNodeIdentity(this.#deps.database), readCurrentEntities(this.#deps.database, 'node')]);
    return (nodes.find(({ id }) => id === identity?.node) ?? nodes[0])?.language ?? 'en';
  }
}
