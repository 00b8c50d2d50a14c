import { DownwardItem } from '@beacontower/contracts';
import {
  applyDownwardItem,
  assertLeases,
  cameItem,
  type Database,
  type ItemContext,
  type LeasedWork,
  pruneUplinkItems,
  RECEIPTS_CHANNEL,
  readDownwardPlace,
  readUntoldReceipts,
  receiptsTold,
  refused,
  saveUplinkItem,
  type Turn,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import { type DownwardItems, ParentRefused } from '../uplink/client.ts';
import type { Link } from '../uplink/link.ts';

export interface ReceiverDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly link: Link;
  readonly node: string;
  readonly division: string;
}

/** A receiver that can one of these may have items. */
const TELLING: ReadonlySet<string> = new Set(['hand-over', 'distribution', 'digests']);
/** How long the node above is asked to wait for something to tell. */
const WAIT_MS = 25_000;
const KEPT_MS = 30 * 86_400_000;
const PRUNED_AT_ONCE = 1_000;

/** Fetches what the node above has for this one: an item is done, or laid before a person, and noted as come in one transaction, so that each is done once. */
export class DownwardReceiver implements LeasedWork {
  readonly name = 'uplink-downward';
  readonly lease = 'uplink-downward';
  readonly pauseMs = 100;
  readonly failurePauseMs = 5_000;
  readonly #deps: ReceiverDependencies;

  constructor(deps: ReceiverDependencies) {
    this.#deps = deps;
  }

  async pass(turn: Turn): Promise<LoopResult> {
    const { database, clock, link } = this.#deps;
    const after = await readDownwardPlace(database);
    if (after === null) return 'pause';
    const { node: parent, capabilities } = await link.agree();
    // A receiver of another maker may have nothing to tell.
    if (!capabilities.some((capability) => TELLING.has(capability))) return 'pause';
    const { items } = await link.client.downward(after, WAIT_MS, turn.signal).catch((error: unknown) => {
      if (!turn.signal.aborted) throw error;
      return { items: [] };
    });
    for (const item of items) await this.#take(turn, parent, item);
    await pruneUplinkItems(database, clock.now() - KEPT_MS, PRUNED_AT_ONCE);
    return 'pause';
  }

  #take({ lease }: Turn, parent: string, raw: DownwardItems['items'][number]): Promise<void> {
    const { database, clock, node, division, logger } = this.#deps;
    const context: ItemContext = { own: node, division, parent, now: clock.now() };
    return database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      const { data: item } = DownwardItem.safeParse(raw);
      if (item === undefined) {
        const receipt = refused(raw.number, 'kind-unknown', 'this node cannot read the item', context);
        const unread = { number: raw.number, kind: String(raw.kind ?? ''), subject: '', payload: {} };
        return saveUplinkItem(tx, unread, receipt, context.now);
      }
      const receipt = await applyDownwardItem(tx, item, context);
      if (receipt?.outcome === 'refused')
        logger.warn({ number: item.number, kind: item.kind, code: receipt.code }, 'an item from above is refused');
      await saveUplinkItem(tx, cameItem(item), receipt, context.now);
    });
  }
}

/** Tells the node above what became of its items, until it has taken that. */
export class ReceiptSender implements LeasedWork {
  readonly name = 'uplink-receipts';
  readonly lease = 'uplink-receipts';
  readonly pauseMs = 10_000;
  readonly failurePauseMs = 5_000;
  readonly #deps: ReceiverDependencies;

  constructor(deps: ReceiverDependencies) {
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    return this.#deps.database.listen(RECEIPTS_CHANNEL, wake);
  }

  async pass({ signal }: Turn): Promise<LoopResult> {
    const { database, clock, link } = this.#deps;
    const receipts = await readUntoldReceipts(database, 500);
    if (receipts.length === 0) return 'pause';
    await link.agree();
    try {
      await link.client.receipts(receipts, signal);
    } catch (error) {
      if (!(error instanceof ParentRefused) || !isSettled(error)) throw error;
      await this.#oneByOne(receipts, signal);
    }
    const numbers = receipts.map(({ number }) => number);
    await receiptsTold(database, numbers, clock.now());
    return receipts.length === 500 ? 'again' : 'pause';
  }

  // A receipt that the node above has no use for (it was restored, or was told otherwise before) must not keep back the others.
  async #oneByOne(receipts: Awaited<ReturnType<typeof readUntoldReceipts>>, signal: AbortSignal): Promise<void> {
    const { link, logger } = this.#deps;
    for (const receipt of receipts) {
      await link.client.receipts([receipt], signal).catch((error: unknown) => {
        if (!(error instanceof ParentRefused) || !isSettled(error)) throw error;
        logger.warn({ number: receipt.number, code: error.code }, 'the node above has no use for a receipt');
      });
    }
  }
}

const isSettled = ({ code }: ParentRefused): boolean => code === 'receipt-unknown' || code === 'receipt-differs';
