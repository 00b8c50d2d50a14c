import type { Server } from 'node:https';
import { type Database, type LeasedWork, leasedParts, readNodeIdentity, saveListenerUrl } from '@beacontower/database';
import {
  type Clock,
  type Component,
  componentOf,
  formatListen,
  type Health,
  type ListenAddress,
  type Logger,
  Loop,
  type LoopResult,
  type Registry,
  type Sealer,
} from '@beacontower/runtime';
import type { FastifyInstance } from 'fastify';
import { authorityOf } from './certificates/authority.ts';
import { PeerConnections } from './certificates/connections.ts';
import { secureContextOf } from './certificates/secure-context.ts';
import { serverCertificateOf } from './certificates/server.ts';
import { FEDERATION_DEFAULTS, type FederationConfig } from './config.ts';
import { Distributor } from './downward/distributor.ts';
import { DownwardTeller } from './downward/teller.ts';
import { InboxHousekeeping } from './inbox/housekeeping.ts';
import { buildListener, openListener } from './inbox/listener.ts';
import { createFederationMetrics } from './metrics.ts';
import { createWatchMetrics } from './watch/metrics.ts';
import { LinkWatch } from './watch/watch.ts';

export interface FederationDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly sealer: Sealer;
}

/** What the node that reports are sent to does beside listening: one line each. */
function worksOf(config: FederationConfig, deps: FederationDependencies & { readonly node: string }): readonly LeasedWork[] {
  return [
    new LinkWatch(config, { ...deps, metrics: createWatchMetrics(deps.registry) }),
    new DownwardTeller(deps),
    new Distributor(deps),
    new InboxHousekeeping(deps),
  ];
}

/** How soon a listener that could not be opened is tried again. */
const RETRY_MS = 5_000;

/** The role `federation`: takes in what nodes below report. Inert without an address to listen on. */
export function createFederation(
  config: Pick<FederationConfig, 'instance' | 'version' | 'listen' | 'names'> & Partial<FederationConfig>,
  deps: FederationDependencies,
): Component {
  return new FederationRole({ ...FEDERATION_DEFAULTS, ...config }, deps);
}

class FederationRole implements Component {
  readonly name = 'federation';
  readonly #config: FederationConfig;
  readonly #deps: FederationDependencies;
  readonly #loop: Loop;
  #listener: FastifyInstance | undefined;
  #peers: PeerConnections | undefined;
  #parts: Component | undefined;
  #shown: string | undefined;
  #fault: string | undefined;

  constructor(config: FederationConfig, deps: FederationDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#loop = new Loop({
      name: 'federation-listener',
      logger: deps.logger,
      pauseMs: config.lookMs,
      failurePauseMs: RETRY_MS,
      pass: () => this.#look(),
      onFailure: (error) => {
        this.#fault = (error as Error).message;
      },
    });
  }

  /** A port that is taken is no reason for the process, which this role shares with others, to end: it is tried again. */
  async start(): Promise<void> {
    if (this.#config.listen === null) return;
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#parts?.stop();
    await this.#peers?.stop();
    await this.#listener?.close();
    this.#listener = undefined;
  }

  health(): Health {
    if (this.#config.listen === null) return { status: 'ok', detail: 'nobody reports here' };
    if (this.#fault !== undefined) return { status: this.#listener === undefined ? 'failed' : 'degraded', detail: this.#fault };
    return this.#parts?.health() ?? { status: 'starting' };
  }

  async #look(): Promise<LoopResult> {
    const { listen } = this.#config;
    if (listen === null) return 'pause';
    if (this.#listener === undefined) await this.#open(listen);
    else await this.#renew();
    this.#fault = undefined;
    return 'pause';
  }

  async #open(listen: ListenAddress): Promise<void> {
    const { logger, database, registry } = this.#deps;
    const { node, authority, server } = await this.#certificates();
    const software = { name: 'beacontower', version: this.#config.version };
    const issuer = { authority, lifeMs: this.#config.certificateLifeMs, software };
    const options = { ...this.#config, listen, ...server, authority: authority.certificate };
    const listener = buildListener(options, { ...this.#deps, node, issuer });
    const peers = new PeerConnections({ database, logger, metrics: createFederationMetrics(registry) });
    const parts = componentOf('federation', leasedParts(worksOf(this.#config, { ...this.#deps, node }), this.#leases()));
    try {
      await peers.start(listener.server as unknown as Server);
      const address = await openListener(listener, listen);
      await saveListenerUrl(database, urlOf(this.#config.names, address));
      await parts.start();
    } catch (error) {
      await parts.stop();
      await peers.stop();
      await listener.close();
      throw error;
    }
    this.#shown = server.certificate;
    [this.#listener, this.#peers, this.#parts] = [listener, peers, parts];
    logger.info({ listen: formatListen(listen) }, 'nodes below may report');
  }

  #leases() {
    const { instance, leaseTtlMs } = this.#config;
    const { database, logger } = this.#deps;
    return { slot: instance, ttlMs: leaseTtlMs, database, logger, onFailure: () => undefined };
  }

  async #certificates() {
    const identity = await readNodeIdentity(this.#deps.database);
    if (identity === null) throw new TypeError('this node has no configuration yet');
    const authority = await authorityOf(this.#deps, identity.node);
    const own = await serverCertificateOf(this.#deps, authority, identity.node, this.#config.names);
    // The authority's stands behind the own one: who is invited knows its fingerprint, and finds it there.
    const certificate = `${own.certificate.trimEnd()}\n${authority.certificate}`;
    return { node: identity.node, authority, server: { certificate, key: own.key } };
  }

  // Connections that are open go on with the certificate that they were made with.
  async #renew(): Promise<void> {
    const { authority, server } = await this.#certificates();
    if (server.certificate === this.#shown) return;
    const listening = this.#listener?.server as unknown as Server | undefined;
    listening?.setSecureContext(secureContextOf({ ...server, authority: authority.certificate }));
    this.#shown = server.certificate;
    this.#deps.logger.info({}, 'the certificate of the listener was renewed');
  }
}

// The port is the one that is really listened on: 0 takes any.
function urlOf(names: readonly string[], address: string): string {
  const [host = 'localhost'] = names;
  const { port } = new URL(address);
  return `https://${host.includes(':') ? `[${host}]` : host}${port === '' ? '' : `:${port}`}`;
}
