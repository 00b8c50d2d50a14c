import {
  type Database,
  type LeasedWork,
  readPresent,
  readUplinkChain,
  readUplinkLines,
  saveAcknowledged,
  type Turn,
  UPLINK_CHANNEL,
} from '@beacontower/database';
import type { Clock, LoopResult } from '@beacontower/runtime';
import { LINE_LIMITS, type Link } from './link.ts';

export interface SenderDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly link: Link;
  readonly node: string;
  readonly division: string;
}

/** Sends lines in their order, and goes on from what is acknowledged. One batch is under way at a time: lines that come meanwhile go together. */
export class Sender implements LeasedWork {
  readonly name = 'uplink-sender';
  readonly lease = 'uplink-sender';
  readonly pauseMs = 1_000;
  readonly failurePauseMs = 2_000;
  readonly #deps: SenderDependencies;

  constructor(deps: SenderDependencies) {
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    return this.#deps.database.listen(UPLINK_CHANNEL, wake);
  }

  pass(_turn: Turn): Promise<LoopResult> {
    const { database, clock, link } = this.#deps;
    return link.call<LoopResult>(async ({ incarnation }) => {
      const chain = await readUplinkChain(database);
      if (chain === null || chain.acknowledged >= chain.built) return 'pause';
      const lines = await readUplinkLines(database, chain.acknowledged, LINE_LIMITS);
      if (lines.length === 0) return 'pause';
      const { acknowledged } = await link.client.log(
        incarnation,
        lines.map(({ line }) => line),
      );
      await saveAcknowledged(database, acknowledged.sequence, clock.now());
      return 'again';
    });
  }
}

/** Sends the states of this moment beside the log: after a cut they are there with the first message. */
export class PresentSender implements LeasedWork {
  readonly name = 'uplink-present';
  readonly lease = 'uplink-present';
  readonly pauseMs: number;
  readonly failurePauseMs = 2_000;
  readonly #deps: SenderDependencies;

  constructor(deps: SenderDependencies, everyMs: number) {
    this.#deps = deps;
    this.pauseMs = everyMs;
  }

  pass(_turn: Turn): Promise<LoopResult> {
    const { database, clock, link, node, division } = this.#deps;
    return link.call<LoopResult>(async ({ incarnation }) => {
      const present = await readPresent(database, node, division);
      if (present === null) return 'pause';
      const at = clock.now();
      // The clock gives versions that rise over restarts, without a place to keep them.
      await link.client.snapshot({
        incarnation,
        version: at,
        base: null,
        at,
        ...present,
        states: [...present.states],
        observed: [...present.observed],
      });
      return 'pause';
    });
  }
}
