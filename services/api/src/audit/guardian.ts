import type { AuditVerification } from '@beacontower/contracts';
import {
  appendCheckpoint,
  checkpointFile,
  type Database,
  linkWaitingAudit,
  readCheckpoints,
  signAuditHead,
  verifyAudit,
} from '@beacontower/database';
import { type Clock, type Health, type Logger, Loop, type Signer } from '@beacontower/runtime';

export interface AuditGuardianDeps {
  readonly database: Database;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where checkpoints are kept outside the database; null: nowhere. */
  readonly directory: string | null;
}

const LINK_EVERY_MS = 5_000;
const SIGN_EVERY_MS = 3_600_000;
const VERIFY_EVERY_MS = 24 * 3_600_000;
/** A start has better things to do. */
const FIRST_VERIFIED_AFTER_MS = 10 * 60_000;

/**
 * Watches over the audit of the node: links what could not link itself, signs the newest place at the start, every hour and at the
 * end, and once a day checks the whole chain.
 */
export class AuditGuardian {
  readonly #deps: AuditGuardianDeps;
  readonly #loop: Loop;
  #signedAt = Number.NEGATIVE_INFINITY;
  #verifiedAt: number;
  #faultCount = 0;
  #verifying: Promise<AuditVerification> | undefined;

  constructor(deps: AuditGuardianDeps) {
    this.#deps = deps;
    this.#verifiedAt = deps.clock.monotonic() - VERIFY_EVERY_MS + FIRST_VERIFIED_AFTER_MS;
    this.#loop = new Loop({ name: 'audit-chain', logger: deps.logger, pauseMs: LINK_EVERY_MS, pass: () => this.#pass() });
  }

  start(): void {
    this.#loop.start();
  }

  /** Signs the last place; a database that is gone already keeps the hour's. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.sign().catch((error: unknown) => this.#deps.logger.warn({ err: error }, 'the end of the audit was not signed'));
  }

  health(): Health {
    if (this.#faultCount === 0) return { status: 'ok' };
    return { status: 'degraded', detail: `the audit does not agree with itself (${this.#faultCount} faults): "beacontower audit verify"` };
  }

  async sign(): Promise<void> {
    const { database, signer, clock, directory } = this.#deps;
    await linkWaitingAudit(database);
    const signed = await signAuditHead(database, signer, clock.now());
    if (signed !== null && directory !== null) appendCheckpoint(checkpointFile(directory), signed);
    this.#signedAt = clock.monotonic();
  }

  /** Checks the whole chain; who asks while it runs is told of the same run. */
  verify(): Promise<AuditVerification> {
    this.#verifying ??= this.#verify().finally(() => {
      this.#verifying = undefined;
    });
    return this.#verifying;
  }

  async #verify(): Promise<AuditVerification> {
    const { database, signer, clock, directory, logger } = this.#deps;
    const begun = clock.monotonic();
    const found = await verifyAudit(database, {
      keys: [signer.publicKey],
      kept: directory === null ? [] : readCheckpoints(checkpointFile(directory)).checkpoints,
      head: null,
      now: clock.now(),
      elapsed: () => clock.monotonic() - begun,
    });
    this.#verifiedAt = clock.monotonic();
    this.#faultCount = found.faultCount;
    if (found.faultCount > 0)
      logger.error({ faults: found.faults.slice(0, 10), faultCount: found.faultCount }, 'the audit does not agree with itself');
    return found;
  }

  async #pass(): Promise<'pause'> {
    const { database, clock } = this.#deps;
    await linkWaitingAudit(database);
    const now = clock.monotonic();
    if (now - this.#signedAt >= SIGN_EVERY_MS) await this.sign();
    if (now - this.#verifiedAt >= VERIFY_EVERY_MS) await this.verify();
    return 'pause';
  }
}
