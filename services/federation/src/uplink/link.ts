import { type HelloAnswer, LOG_LIMITS, NO_HASH } from '@beacontower/contracts';
import { type Database, hashOfUplinkLine, readUplinkChain, saveAcknowledged, type UplinkChain } from '@beacontower/database';
import type { Clock, Logger } from '@beacontower/runtime';
import { type ParentAddress, ParentClient, ParentRefused } from './client.ts';

export interface LinkDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly node: string;
  readonly division: string;
  readonly software: { readonly name: string; readonly version: string };
  readonly parent: ParentAddress;
}

/** What is agreed with the node above, for as long as it holds. */
export interface Agreed extends HelloAnswer {
  readonly incarnation: string;
}

/** The link to the node above: greeted when it is first needed, and anew after anything that leaves in doubt what is agreed. */
export class Link {
  readonly client: ParentClient;
  readonly #deps: LinkDependencies;
  #agreed: Promise<Agreed> | undefined;

  constructor(deps: LinkDependencies) {
    this.#deps = deps;
    this.client = new ParentClient(deps.parent);
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
    const log = { first: 1, last: built, hash: chain.builtHash ?? NO_HASH };
    const hello = { protocols: [1], node, division, incarnation, software, capabilities: [], time: clock.now(), log };
    const answer = await this.client.hello(hello);
    await this.#takePlace(chain, answer);
    return { ...answer, incarnation };
  }

  // The node above says from where it goes on: it may have less than it acknowledged once, after a restoration there.
  async #takePlace({ incarnation, acknowledged }: UplinkChain, { resume }: HelloAnswer): Promise<void> {
    const { database, clock, logger } = this.#deps;
    const sequence = resume?.sequence ?? 0;
    if (resume !== null && sequence > 0 && (await hashOfUplinkLine(database, sequence)) !== resume.hash) {
      throw new HistoryDiffers(`line ${sequence} of ${incarnation} has another hash above than here`);
    }
    if (sequence !== acknowledged) logger.info({ acknowledged, resume: sequence }, 'the node above goes on from another line');
    await saveAcknowledged(database, sequence, clock.now());
  }
}

/** What is applied above is not what this node has: a back-up was restored here. */
export class HistoryDiffers extends Error {
  override readonly name = 'HistoryDiffers';
}

export const LINE_LIMITS = { lines: LOG_LIMITS.lines, bytes: LOG_LIMITS.bytes } as const;
