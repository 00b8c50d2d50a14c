import { CAPABILITIES, type HelloAnswer, LOG_LIMITS, NO_HASH } from '@beacontower/contracts';
import { type Database, firstUplinkLine, readUplinkChain, saveHeard } from '@beacontower/database';
import type { Clock, Logger } from '@beacontower/runtime';
import { type ParentAddress, ParentClient } from './client.ts';
import { LineBudget } from './line-budget.ts';

export interface LinkDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly node: string;
  readonly division: string;
  readonly software: { readonly name: string; readonly version: string };
  readonly parent: ParentAddress;
  /** What a thin line carries for log and snapshot; null: as much as it can. */
  readonly bytesPerSecond?: number | null;
}

/** What is agreed with the node above, for as long as it holds. */
export interface Agreed extends HelloAnswer {
  readonly incarnation: string;
}

/** The link to the node above: greeted when it is first needed, and anew after anything that leaves in doubt what is agreed. */
export class Link {
  readonly client: ParentClient;
  readonly budget: LineBudget;
  readonly #deps: LinkDependencies;
  #agreed: Promise<Agreed> | undefined;

  constructor(deps: LinkDependencies) {
    this.#deps = deps;
    this.budget = new LineBudget(deps.bytesPerSecond ?? null);
    this.client = new ParentClient(deps.parent, (channel, bytes) => this.budget.spent(deps.clock.monotonic(), channel, bytes));
  }

  agree(): Promise<Agreed> {
    this.#agreed ??= this.#greet().catch((error: unknown) => {
      this.#agreed = undefined;
      throw error;
    });
    return this.#agreed;
  }

  /** What was agreed holds no more. */
  forget(): void {
    this.#agreed = undefined;
  }

  /** Runs a call; what the answer leaves in doubt is agreed anew before the next. */
  async call<T>(work: (agreed: Agreed) => Promise<T>): Promise<T> {
    const agreed = await this.agree();
    try {
      return await work(agreed);
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.client.close();
  }

  async #greet(): Promise<Agreed> {
    const { database, clock, node, division, software } = this.#deps;
    const chain = await readUplinkChain(database);
    if (chain === null) throw new TypeError('this node reports to none');
    const { incarnation, built } = chain;
    const log = { first: await firstUplinkLine(database), last: built, hash: chain.builtHash ?? NO_HASH };
    const capabilities = [...CAPABILITIES];
    const hello = { protocols: [1], node, division, incarnation, software, capabilities, time: clock.now(), log };
    const answer = await this.client.hello(hello);
    await saveHeard(database, clock.now(), answer.offsetMs);
    return { ...answer, incarnation };
  }
}

/** What is applied above is not what this node has: a back-up was restored here. */
export class HistoryDiffers extends Error {
  override readonly name = 'HistoryDiffers';
}

/** What the node above goes on from is not kept here any more. */
export class LinesGone extends Error {
  override readonly name = 'LinesGone';
}

export const LINE_LIMITS = { lines: LOG_LIMITS.lines, bytes: LOG_LIMITS.bytes } as const;
