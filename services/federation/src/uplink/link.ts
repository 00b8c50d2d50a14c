import { CAPABILITIES, FEDERATION_CODES, type Hello, type HelloAnswer, LOG_LIMITS, NO_HASH } from '@beacontower/contracts';
import { type Database, firstUplinkLine, hashOfUplinkLine, readUplinkChain, saveHeard } from '@beacontower/database';
import type { Clock, Logger } from '@beacontower/runtime';
import { type ParentAddress, ParentClient, ParentRefused } from './client.ts';
import { LineBudget } from './line-budget.ts';
import { Pacing } from './pacing.ts';

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
  /** A hello refused for good is not said again by each of the workers here: somebody has to change something first. */
  readonly #refusals = new Pacing({ firstMs: 2_000, mostMs: 120_000 });
  #refused: { readonly error: ParentRefused; readonly incarnation: string } | undefined;

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
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#greetOnce();
      } catch (error) {
        if (!(error instanceof HelloOvertaken) || attempt === GREETINGS) throw error;
      }
    }
  }

  async #greetOnce(): Promise<Agreed> {
    const { database, clock, node, division, software } = this.#deps;
    const chain = await readUplinkChain(database);
    if (chain === null) throw new TypeError('this node reports to none');
    const { incarnation, built } = chain;
    const log = { first: await firstUplinkLine(database), last: built, hash: chain.builtHash ?? NO_HASH };
    const capabilities = [...CAPABILITIES];
    const answer = await this.#hello({ protocols: [1], node, division, incarnation, software, capabilities, time: clock.now(), log });
    await saveHeard(database, clock.now(), answer.offsetMs);
    return { ...answer, incarnation };
  }

  async #hello(hello: Hello): Promise<HelloAnswer> {
    const { clock } = this.#deps;
    const refused = this.#refused;
    // Another incarnation is another matter: it has not been refused.
    if (refused?.incarnation === hello.incarnation && this.#refusals.waitMs(clock.monotonic()) > 0) throw refused.error;
    try {
      const answer = await this.client.hello(hello);
      this.#refused = undefined;
      this.#refusals.succeeded();
      return answer;
    } catch (error) {
      if (await this.#wasOvertaken(error)) throw new HelloOvertaken('lines went past the hello, which said less than is applied by now');
      if (error instanceof ParentRefused && !FEDERATION_CODES[error.code].retry) {
        this.#refused = { error, incarnation: hello.incarnation };
        this.#refusals.failed(clock.monotonic());
      }
      throw error;
    }
  }

  // A hello says how far the log was when it was written; a batch that was made and sent beside it may be applied first. What is applied there is
  // this node's own then, and nothing was restored.
  async #wasOvertaken(error: unknown): Promise<boolean> {
    if (!(error instanceof ParentRefused) || error.code !== 'history-differs' || error.resume === null) return false;
    const { incarnation, sequence, hash } = error.resume;
    return incarnation === error.incarnation && (await hashOfUplinkLine(this.#deps.database, sequence)) === hash;
  }
}

/** Each of so many hellos would have to be overtaken before it is given up for now. */
const GREETINGS = 4;

/** Lines sent beside a hello were applied before it came. */
class HelloOvertaken extends Error {
  override readonly name = 'HelloOvertaken';
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
