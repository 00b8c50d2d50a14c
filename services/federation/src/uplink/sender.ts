import { FEDERATION_CODES, type LogPlace } from '@beacontower/contracts';
import {
  beginAnew,
  begunAt,
  type Database,
  hashOfUplinkLine,
  type LeasedWork,
  readUplinkChain,
  readUplinkLines,
  saveAcknowledged,
  saveUplinkFailure,
  type Turn,
  UPLINK_CHANNEL,
  type UplinkChain,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { UplinkMetrics } from '../metrics.ts';
import { BatchSize } from './batch-size.ts';
import { ParentRefused } from './client.ts';
import { type Agreed, HistoryDiffers, LINE_LIMITS, LinesGone, type Link } from './link.ts';
import { Pacing } from './pacing.ts';
import { rest } from './rest.ts';
import { goOnFromCommonPlace } from './restoration.ts';
import { faultOf } from './words.ts';

export interface SenderDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly link: Link;
  readonly node: string;
  readonly division: string;
  readonly metrics?: UplinkMetrics;
  /** Told when the node above finds that histories may differ. */
  readonly onDigestsWanted?: () => void;
}

/** Two incarnations within so long: two copies of this node speak, and would supersede each other for ever. */
const COPY_MS = 3_600_000;

/** Sends lines in their order, and goes on from what is acknowledged. One batch is under way at a time: lines that come meanwhile go together. */
export class Sender implements LeasedWork {
  readonly name = 'uplink-sender';
  readonly lease = 'uplink-sender';
  readonly pauseMs = 1_000;
  readonly #deps: SenderDependencies;
  readonly #unreachable = new Pacing({ firstMs: 1_000, mostMs: 20_000 });
  /** Somebody has to change something first: that is seldom done within seconds. */
  readonly #refused = new Pacing({ firstMs: 2_000, mostMs: 60_000 });
  readonly #size = new BatchSize(LINE_LIMITS.bytes);
  /** The agreement of which the place to go on from was taken. */
  #taken: Agreed | undefined;

  constructor(deps: SenderDependencies) {
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    return this.#deps.database.listen(UPLINK_CHANNEL, wake);
  }

  forget(): void {
    this.#taken = undefined;
  }

  async pass({ signal, fault }: Turn): Promise<LoopResult> {
    const { database, clock, link } = this.#deps;
    const now = clock.monotonic();
    const wait = Math.max(this.#unreachable.waitMs(now), this.#refused.waitMs(now), link.budget.logWaitMs(now));
    if (wait > 0) return rest(wait, signal);
    const chain = await readUplinkChain(database);
    if (chain === null || chain.state !== 'enrolled') return 'pause';
    let agreed: Agreed | undefined;
    try {
      agreed = await link.agree();
      return await this.#send(chain, agreed, signal);
    } catch (error) {
      if (signal.aborted) return 'pause';
      link.forget();
      const isGreeting = agreed === undefined || this.#taken !== agreed;
      fault(error);
      return this.#failed(error, chain, isGreeting, signal);
    }
  }

  async #send(known: UplinkChain, agreed: Agreed, signal: AbortSignal): Promise<LoopResult> {
    const { database, link, clock, metrics } = this.#deps;
    if (agreed.incarnation !== known.incarnation) {
      link.forget();
      return 'again';
    }
    const acknowledged = this.#taken === agreed ? known.acknowledged : await this.#takePlace(known, agreed);
    this.#taken = agreed;
    if (acknowledged >= known.built) return 'pause';
    const bytes = Math.min(link.budget.batchBytes(this.#size.bytes), agreed.limits.bytes);
    const limits = { lines: Math.min(LINE_LIMITS.lines, agreed.limits.lines), bytes };
    const lines = await readUplinkLines(database, { after: acknowledged, last: known.built }, limits);
    const [first] = lines;
    if (first === undefined) return 'pause';
    if (first.sequence !== acknowledged + 1) throw new LinesGone(`line ${acknowledged + 1} is not kept any more`);
    const begun = clock.monotonic();
    const answer = await link.client.log(
      agreed.incarnation,
      lines.map(({ line }) => line),
      signal,
    );
    const taken = clock.monotonic();
    this.#size.took(taken - begun, lines.length > 1);
    await this.#assertOwn(answer.acknowledged);
    await saveAcknowledged(database, agreed.incarnation, answer.acknowledged.sequence, clock.now());
    metrics?.sent.inc(Math.max(0, answer.acknowledged.sequence - acknowledged));
    this.#unreachable.succeeded();
    this.#refused.succeeded();
    this.#unreachable.pause(taken, answer.waitMs);
    if (answer.digestsWanted) this.#deps.onDigestsWanted?.();
    return 'again';
  }

  // The node above says from where it goes on: it may have less than it acknowledged once, after a restoration there.
  async #takePlace({ incarnation, acknowledged }: UplinkChain, { resume }: Agreed): Promise<number> {
    const { database, clock, logger } = this.#deps;
    if (resume !== null) await this.#assertOwn(resume);
    const sequence = resume?.sequence ?? 0;
    if (sequence !== acknowledged) logger.info({ acknowledged, resume: sequence }, 'the node above goes on from another line');
    await saveAcknowledged(database, incarnation, sequence, clock.now());
    return sequence;
  }

  async #assertOwn({ incarnation, sequence, hash }: LogPlace): Promise<void> {
    if (sequence === 0) return;
    const own = await hashOfUplinkLine(this.#deps.database, sequence);
    if (own === hash) return;
    // A line that is not kept any more cannot be held against it; one that was never made can.
    const chain = await readUplinkChain(this.#deps.database);
    if (own === null && chain !== null && sequence < chain.built && sequence <= chain.acknowledged)
      throw new LinesGone(`line ${sequence} is not kept any more`);
    throw new HistoryDiffers(`line ${sequence} of ${incarnation} has another hash above than here`);
  }

  async #failed(error: unknown, chain: UplinkChain, isGreeting: boolean, signal: AbortSignal): Promise<LoopResult> {
    const { database, clock, metrics } = this.#deps;
    const { code, detail } = faultOf(error);
    metrics?.failures.inc({ code });
    try {
      if (await this.#mended(error, chain, isGreeting, signal)) return 'again';
    } catch (again) {
      this.#deps.logger.warn({ err: again }, 'a new incarnation could not be begun; it is tried again');
    }
    await saveUplinkFailure(database, { at: clock.now(), code, detail });
    const now = clock.monotonic();
    if (!(error instanceof ParentRefused)) this.#unreachable.failed(now);
    else if (FEDERATION_CODES[error.code].retry) this.#unreachable.failed(now, error.retryAfterMs ?? 0);
    else if (RESUMED.has(error.code)) this.#unreachable.failed(now);
    else this.#refused.failed(now);
    return 'pause';
  }

  /** Whether what failed was mended by this node itself: the next attempt has another chance. */
  async #mended(
    error: unknown,
    { incarnation, previous, acknowledged }: UplinkChain,
    isGreeting: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { database, clock, link, logger } = this.#deps;
    const code = error instanceof ParentRefused ? error.code : null;
    if (code === 'message-too-large') return this.#size.tooLarge();
    // Said of another incarnation than the one that this node has by now: a message of before was still under way.
    if (error instanceof ParentRefused && error.incarnation !== null && error.incarnation !== incarnation) return true;
    if (error instanceof LinesGone) {
      const { resume } = await link.agree();
      logger.warn({ resume }, 'lines that the node above wants are not kept any more: everything is told anew');
      return (await beginAnew(database, resume, incarnation)) !== null;
    }
    if (code === 'incarnation-superseded') {
      const isCopy = clock.now() - (await begunAt(database)) < COPY_MS;
      return !isCopy && (await goOnFromCommonPlace({ ...this.#deps, client: link.client }, incarnation, signal)) !== null;
    }
    if (code === 'history-differs' && !isGreeting && acknowledged === 0 && previous !== null) {
      // The place that this incarnation goes on from is not remembered there: it goes on from one that is.
      const { marks } = await link.client.marks(previous.incarnation, signal);
      return (await beginAnew(database, marks[0] ?? null, incarnation)) !== null;
    }
    const differs = error instanceof HistoryDiffers || (code === 'history-differs' && isGreeting);
    return differs && (await goOnFromCommonPlace({ ...this.#deps, client: link.client }, incarnation, signal)) !== null;
  }
}

/** Refused because of where the log goes on: the next hello says from where. */
const RESUMED: ReadonlySet<string> = new Set(['hello-needed', 'sequence-gap', 'sequence-known', 'history-differs']);
