import { X509Certificate } from 'node:crypto';
import { type Database, leasedParts, readNodeIdentity, readUplinkCredentials, type UplinkCredentials } from '@beacontower/database';
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
import { Builder } from './uplink/builder.ts';
import { Link } from './uplink/link.ts';
import { PresentSender, Sender } from './uplink/sender.ts';

export interface UplinkDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly sealer: Sealer;
}

/** What the key that is shown above is sealed for. */
export const UPLINK_KEY_CONTEXT = 'federation uplink';
/** How soon a join, a renewal or a leave is noticed. */
const LOOK_MS = 2_000;

/** The role `uplink`: reports to the node above, from when this one has joined it. */
export function createUplink(
  config: Pick<UplinkConfig, 'instance' | 'version'> & Partial<UplinkConfig>,
  deps: UplinkDependencies,
): Component {
  return new UplinkRole({ ...UPLINK_DEFAULTS, ...config }, deps);
}

class UplinkRole implements Component {
  readonly name = 'uplink';
  readonly #config: UplinkConfig;
  readonly #deps: UplinkDependencies;
  readonly #watch: Loop;
  #shown: string | null = null;
  #parts: Component | undefined;
  #link: Link | undefined;

  constructor(config: UplinkConfig, deps: UplinkDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#watch = new Loop({ name: 'uplink', logger: deps.logger, pauseMs: LOOK_MS, pass: () => this.#look() });
  }

  async start(): Promise<void> {
    await this.#look();
    this.#watch.start();
  }

  async stop(): Promise<void> {
    await this.#watch.stop();
    await this.#end();
  }

  health(): Health {
    return this.#parts?.health() ?? { status: 'ok', detail: 'reports to no other node' };
  }

  /** Starts what reports once there is a certificate, and anew with every other one. */
  async #look(): Promise<LoopResult> {
    const held = await readUplinkCredentials(this.#deps.database);
    const shown = held?.state === 'enrolled' ? `${held.url} ${held.certificate}` : null;
    if (shown === this.#shown) return 'pause';
    await this.#end();
    if (held !== null && shown !== null) await this.#begin(held);
    this.#shown = shown;
    return 'pause';
  }

  async #begin({ url, authority, certificate, sealedKey }: UplinkCredentials): Promise<void> {
    const { database, logger, sealer } = this.#deps;
    const identity = await readNodeIdentity(database);
    const name = certificate === null ? null : nameOf(new X509Certificate(certificate).subjectAltName);
    if (identity === null || name === null || certificate === null || authority === null)
      throw new TypeError('the certificate names no node');
    const parent = { url, authority, certificate, key: sealer.open(sealedKey, UPLINK_KEY_CONTEXT) };
    const software = { name: 'beacontower', version: this.#config.version };
    this.#link = new Link({ ...this.#deps, ...name, software, parent });
    const deps = { ...this.#deps, ...name, link: this.#link };
    const works = [new Builder(deps), new Sender(deps), new PresentSender(deps, this.#config.snapshotEveryMs)];
    const options = { slot: this.#config.instance, ttlMs: this.#config.leaseTtlMs, database, logger, onFailure: () => undefined };
    this.#parts = componentOf('uplink', leasedParts(works, options));
    await this.#parts.start();
    logger.info({ url, node: name.node, division: name.division }, 'this node reports to another');
  }

  async #end(): Promise<void> {
    const [parts, link] = [this.#parts, this.#link];
    this.#parts = undefined;
    this.#link = undefined;
    await parts?.stop();
    await link?.close();
  }
}
