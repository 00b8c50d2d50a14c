import type { Server } from 'node:https';
import { type Database, readNodeIdentity } from '@beacontower/database';
import {
  type Clock,
  type Component,
  formatListen,
  type Health,
  type Logger,
  Loop,
  OLDEST_TLS,
  type Registry,
  type Sealer,
} from '@beacontower/runtime';
import type { FastifyInstance } from 'fastify';
import { authorityOf } from './certificates/authority.ts';
import { serverCertificateOf } from './certificates/server.ts';
import { FEDERATION_DEFAULTS, type FederationConfig } from './config.ts';
import { buildListener, openListener } from './inbox/listener.ts';

export interface FederationDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly sealer: Sealer;
}

const RENEW_LOOK_MS = 3_600_000;

/** The role `federation`: takes in what nodes below report. Inert without an address to listen on. */
export function createFederation(
  config: Pick<FederationConfig, 'instance' | 'listen' | 'names'> & Partial<FederationConfig>,
  deps: FederationDependencies,
): Component {
  const settings: FederationConfig = { ...FEDERATION_DEFAULTS, ...config };
  return new FederationRole(settings, deps);
}

class FederationRole implements Component {
  readonly name = 'federation';
  readonly #config: FederationConfig;
  readonly #deps: FederationDependencies;
  readonly #renewal: Loop;
  #listener: FastifyInstance | undefined;
  #health: Health = { status: 'starting' };

  constructor(config: FederationConfig, deps: FederationDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#renewal = new Loop({ name: 'federation-certificate', logger: deps.logger, pauseMs: RENEW_LOOK_MS, pass: () => this.#renew() });
  }

  async start(): Promise<void> {
    const { listen } = this.#config;
    if (listen === null) {
      this.#health = { status: 'ok', detail: 'nobody reports here' };
      return;
    }
    const { node, certificate } = await this.#certificate();
    this.#listener = buildListener({ ...this.#config, listen, ...certificate }, { ...this.#deps, node });
    await openListener(this.#listener, listen);
    this.#deps.logger.info({ listen: formatListen(listen) }, 'nodes below may report');
    this.#renewal.start();
    this.#health = { status: 'ok' };
  }

  async stop(): Promise<void> {
    await this.#renewal.stop();
    await this.#listener?.close();
    this.#listener = undefined;
  }

  health(): Health {
    return this.#health;
  }

  async #certificate() {
    const identity = await readNodeIdentity(this.#deps.database);
    if (identity === null) throw new TypeError('this node has no configuration yet');
    const authority = await authorityOf(this.#deps, identity.node);
    const own = await serverCertificateOf(this.#deps, authority, identity.node, this.#config.names);
    return { node: identity.node, certificate: { ...own, authority: authority.certificate } };
  }

  // Connections that are open go on with the certificate that they were made with.
  async #renew(): Promise<'pause'> {
    const { certificate } = await this.#certificate();
    const server = this.#listener?.server as unknown as Server | undefined;
    server?.setSecureContext({ cert: certificate.certificate, key: certificate.key, ca: certificate.authority, minVersion: OLDEST_TLS });
    return 'pause';
  }
}
