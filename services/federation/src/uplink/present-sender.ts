import type { Snapshot } from '@beacontower/contracts';
import { type LeasedWork, type Present, readPresent, saveHeard, type Turn } from '@beacontower/database';
import type { LoopResult } from '@beacontower/runtime';
import { ParentRefused } from './client.ts';
import type { Agreed } from './link.ts';
import { Pacing } from './pacing.ts';
import { rest } from './rest.ts';
import type { SenderDependencies } from './sender.ts';
import { changedStates, type Told, toldOf, wholeStates } from './snapshot-changes.ts';

/** A whole one now and then, whatever is thought to be known above. */
const WHOLE_EVERY_MS = 600_000;

/** Sends the states of this moment beside the log: after a cut they are there with the first message; later ones say what changed since. */
export class PresentSender implements LeasedWork {
  readonly name = 'uplink-present';
  readonly lease = 'uplink-present';
  readonly pauseMs: number;
  readonly failurePauseMs = 2_000;
  readonly #deps: SenderDependencies;
  readonly #pacing = new Pacing({ firstMs: 1_000, mostMs: 10_000 });
  /** What was acknowledged last. */
  #told: Told | null = null;
  /** How far versions are ahead of the clock: it went back, and the node above has newer ones. */
  #ahead = 0;

  constructor(deps: SenderDependencies, everyMs: number) {
    this.#deps = deps;
    this.pauseMs = everyMs;
  }

  forget(): void {
    this.#told = null;
  }

  async pass({ signal }: Turn): Promise<LoopResult> {
    const { clock, link } = this.#deps;
    const now = clock.monotonic();
    const wait = Math.max(this.#pacing.waitMs(now), link.budget.snapshotWaitMs(now));
    if (wait > 0) return rest(wait, signal);
    try {
      const result = await link.call((agreed) => this.#send(agreed, signal));
      this.#pacing.succeeded();
      return result;
    } catch (error) {
      if (signal.aborted) return 'pause';
      return this.#failed(error);
    }
  }

  async #send({ incarnation }: Agreed, signal: AbortSignal): Promise<LoopResult> {
    const { database, clock, link, node, division } = this.#deps;
    const present = await readPresent(database, node, division);
    if (present === null) return 'pause';
    if (present.incarnation !== incarnation) {
      link.forget();
      return 'pause';
    }
    const told = this.#told?.incarnation === incarnation && clock.monotonic() - this.#told.wholeAt < WHOLE_EVERY_MS ? this.#told : null;
    const snapshot = this.#snapshotOf(present, told);
    const answer = await link.client.snapshot(snapshot, signal);
    this.#told = toldOf(present, snapshot.version, told?.wholeAt ?? clock.monotonic());
    await saveHeard(database, clock.now(), (await link.agree()).offsetMs);
    if (answer.digestsWanted) this.#deps.onDigestsWanted?.();
    return 'pause';
  }

  #snapshotOf({ incarnation, log, observed, states }: Present, told: Told | null): Snapshot {
    const at = this.#deps.clock.now();
    // The clock gives versions that rise over restarts, without a place to keep them.
    const version = Math.max(at + this.#ahead, (told?.version ?? 0) + 1);
    const changed = told === null ? wholeStates(states) : changedStates(told, states);
    return { incarnation, version, base: told?.version ?? null, at, log, observed: [...observed], states: changed };
  }

  #failed(error: unknown): LoopResult {
    const code = error instanceof ParentRefused ? error.code : null;
    this.#told = null;
    if (code === 'snapshot-base-unknown') return 'again';
    if (code === 'snapshot-stale') {
      this.#ahead = Math.max(1_000, this.#ahead * 4);
      return this.#ahead < FAR_AHEAD_MS ? 'again' : 'pause';
    }
    const retryAfterMs = error instanceof ParentRefused ? (error.retryAfterMs ?? 0) : 0;
    this.#pacing.failed(this.#deps.clock.monotonic(), retryAfterMs);
    // What is wrong with the link is told, and counted, by whoever sends the log.
    return 'pause';
  }
}

const FAR_AHEAD_MS = 10 * 365 * 86_400_000;
