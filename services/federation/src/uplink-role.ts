import { X509Certificate } from 'node:crypto';
import {
  type Database,
  type LeasedWork,
  leasedParts,
  MEMBERSHIP_CHANNEL,
  readMembership,
  readNodeIdentity,
  type UplinkMembership,
} from '@beacontower/database';
import {
  type Clock,
  type Component,
  componentOf,
  type Health,
  type Logger,
  Loop,
  type LoopResult,
  type Registry,
  type Sealer,
} from '@beacontower/runtime';
import { nameOf } from './certificates/x509.ts';
import { UPLINK_DEFAULTS, type UplinkConfig } from './config.ts';
import { DownwardReceiver, ReceiptSender } from './downward/receiver.ts';
import { lookAtRequest, UPLINK_KEY_CONTEXT } from './enrolment/join.ts';
import { Renewal } from './enrolment/renewal.ts';
import { inWords } from './enrolment/words.ts';
import { createUplinkMetrics, type UplinkMetrics } from './metrics.ts';
import { Builder, type BuilderDependencies } from './uplink/builder.ts';
import { Digests } from './uplink/digests.ts';
import { Link } from './uplink/link.ts';
import { PresentSender } from './uplink/present-sender.ts';
import { Pruning } from './uplink/pruning.ts';
import { Sender } from './uplink/sender.ts';

export interface UplinkDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly sealer: Sealer;
}

/** What a part of the uplink is made from. */
export interface UplinkPartDependencies extends UplinkDependencies {
  readonly metrics: UplinkMetrics;
  /** Who this node is, as its certificate says. */
  readonly node: string;
  readonly division: string;
  readonly link: Link;
}

/** What a node that reports to another does: one line each. */
function worksOf(config: UplinkConfig, deps: UplinkPartDependencies): readonly LeasedWork[] {
  const digests = new Digests(deps);
  const told = { ...deps, onDigestsWanted: () => digests.ask() };
  return [
    new Builder(buildersOf(deps)),
    new Sender(told),
    new PresentSender(told, config.snapshotEveryMs),
    digests,
    new Pruning(deps),
    new Renewal(deps),
    new DownwardReceiver(deps),
    new ReceiptSender(deps),
  ];
}

function buildersOf({ metrics, logger, ...deps }: UplinkPartDependencies): BuilderDependencies {
  return {
    ...deps,
    onBuilt: (said) => {
      for (const { kind } of said) metrics.built.inc({ kind });
    },
    onFailure: (error) => logger.warn({ err: error }, 'the sums of a day could not be made; they are made later'),
  };
}

/** How soon a join, a renewal or a leave is noticed at the latest, and how often a request that waits is asked about. */
const LOOK_MS = 5_000;

/** The role `uplink`: reports to the node above, from when this one has joined it. */
export function createUplink(
  config: Pick<UplinkConfig, 'instance' | 'version'> & Partial<UplinkConfig>,
  deps: UplinkDependencies,
): Component {
  return new UplinkRole({ ...UPLINK_DEFAULTS, ...config }, deps);
}

/** How long calls under way may take to end by themselves, ms. */
const GRACE_MS = 3_000;

class UplinkRole implements Component {
  readonly name = 'uplink';
  readonly #config: UplinkConfig;
  readonly #deps: UplinkDependencies;
  readonly #watch: Loop;
  #shown: string | null = null;
  #parts: Component | undefined;
  #link: Link | undefined;
  #endListening: (() => Promise<void>) | undefined;
  #waiting: string | undefined;
  #fault: string | undefined;

  constructor(config: UplinkConfig, deps: UplinkDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#watch = new Loop({
      name: 'uplink',
      logger: deps.logger,
      pauseMs: LOOK_MS,
      pass: () => this.#look(),
      onFailure: (error) => {
        this.#fault = (error as Error).message;
      },
    });
  }

  async start(): Promise<void> {
    this.#endListening = await this.#deps.database.listen(MEMBERSHIP_CHANNEL, () => this.#watch.wake());
    this.#watch.start();
  }

  async stop(): Promise<void> {
    await this.#endListening?.();
    await this.#watch.stop();
    await this.#end();
  }

  health(): Health {
    if (this.#fault !== undefined) return { status: 'degraded', detail: this.#fault };
    return this.#parts?.health() ?? { status: 'ok', detail: this.#waiting ?? 'reports to no other node' };
  }

  /** Starts what reports once there is a certificate, and anew with every other one. */
  async #look(): Promise<LoopResult> {
    const held = await readMembership(this.#deps.database);
    const isAsking = held?.state === 'enrolling' && held.enrolment !== null;
    if (isAsking) await this.#ask(held);
    else this.#waiting = undefined;
    const shown = held?.state === 'enrolled' ? `${held.url} ${held.certificate}` : null;
    if (shown !== this.#shown) {
      await this.#end();
      if (held !== null && shown !== null) await this.#begin(held);
      this.#shown = shown;
    }
    this.#fault = undefined;
    return 'pause';
  }

  // Whoever began to join does not have to wait for it: once a person above has decided, it is noticed here.
  async #ask({ parent, url }: UplinkMembership): Promise<void> {
    const found = await lookAtRequest(this.#deps).catch((error: unknown) => {
      this.#waiting = `waits to be let in by ${parent ?? url}: ${inWords(error)}`;
      return null;
    });
    if (found?.state === 'waiting') this.#waiting = `waits to be let in by ${parent ?? url}, with the code ${found.code}`;
    if (found?.state === 'refused') this.#waiting = `was refused by ${parent ?? url}: ${found.reason ?? 'no reason was given'}`;
  }

  async #begin({ url, authority, certificate, sealedKey }: UplinkMembership): Promise<void> {
    const { database, logger, sealer, registry } = this.#deps;
    const identity = await readNodeIdentity(database);
    const name = certificate === null ? null : nameOf(new X509Certificate(certificate).subjectAltName);
    if (identity === null || name === null || certificate === null || authority === null)
      throw new TypeError('the certificate names no node');
    const parent = { url, authority, certificate, key: sealer.open(sealedKey, UPLINK_KEY_CONTEXT) };
    const software = { name: 'beacontower', version: this.#config.version };
    this.#link = new Link({ ...this.#deps, ...name, software, parent, bytesPerSecond: this.#config.bytesPerSecond });
    const works = worksOf(this.#config, { ...this.#deps, ...name, metrics: createUplinkMetrics(registry), link: this.#link });
    const { instance, leaseTtlMs } = this.#config;
    const options = { slot: instance, ttlMs: leaseTtlMs, database, logger, onFailure: () => undefined };
    this.#parts = componentOf('uplink', leasedParts(works, options));
    await this.#parts.start();
    logger.info({ url, node: name.node, division: name.division }, 'this node reports to another');
  }

  async #end(): Promise<void> {
    const [parts, link] = [this.#parts, this.#link];
    this.#parts = undefined;
    this.#link = undefined;
    // A call to a node above that does not answer would hold the end for minutes: it is broken off, and made anew by whoever goes on.
    const breaking = setTimeout(() => void link?.close(), GRACE_MS);
    try {
      await parts?.stop();
    } finally {
      clearTimeout(breaking);
      await link?.close();
    }
  }
}
