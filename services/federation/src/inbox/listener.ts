/** The listener that nodes below speak to: HTTPS with certificates on both sides, apart from the API and its port. */
import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { MESSAGE_BYTES } from '@beacontower/contracts';
import { type Database, findCertificate } from '@beacontower/database';
import type { Clock, ListenAddress, Logger, Registry } from '@beacontower/runtime';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { nodeShownBy } from '../certificates/connections.ts';
import { secureContextOf } from '../certificates/secure-context.ts';
import type { Issuer } from '../enrolment/issue.ts';
import { createFederationMetrics, type FederationMetrics } from '../metrics.ts';
import { Refusal } from '../protocol/refusal.ts';
import { takeBodies } from './bodies.ts';
import { registerCalls } from './calls.ts';
import { keepDoors } from './doors.ts';
import { Lanes } from './lanes.ts';
import { holdPlaces, Places } from './places.ts';
import { answerRefusal } from './refused.ts';
import { Sparing } from './sparing.ts';
import { type Speaker, speakerOf } from './speaker.ts';
import { answerUnreadable } from './unreadable.ts';

export interface ListenerDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Id of this node. */
  readonly node: string;
  /** Lets nodes in; without it those that are in already are heard, and nobody else. */
  readonly issuer?: Issuer;
}

export interface ListenerOptions {
  readonly listen: ListenAddress;
  /** PEM: what this listener shows, and the authority whose certificates it trusts. */
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  readonly maxOffsetMs: number;
  readonly snapshotEveryMs: number;
  /** Batches that are applied at once, over all nodes; of one node never two. */
  readonly applying?: number;
  /** Batches taken in at once, being read, waiting or applied; whoever comes beyond is told to come again. */
  readonly batches?: number;
}

/** What every call has at hand. */
export interface CallContext extends ListenerDependencies {
  readonly options: ListenerOptions;
  readonly metrics: FederationMetrics;
  readonly lanes: Lanes;
  /** Who sent the request, by a certificate that was good when its head was read. Of an open call: throws. */
  speaker(request: FastifyRequest): Speaker;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** May be asked without a certificate. */
    open?: true;
  }
}

/** More connections than all provinces with all their workers make; beyond, new ones are not taken. */
const CONNECTIONS = 2_048;
const HANDSHAKE_MS = 10_000;
const HEAD_MS = 15_000;
/** A whole message, body and all: whoever dribbles longer is cut off. */
const REQUEST_MS = 120_000;

/** Messages under way at once, of all and of one: a node has one for each of its workers, and those that a broken line left behind. */
const IN_FLIGHT = { all: 1_024, ofOne: 24 } as const;

/** The application without a socket. */
export function buildListener(options: ListenerOptions, deps: ListenerDependencies): FastifyInstance {
  const metrics = createFederationMetrics(deps.registry);
  const app = Fastify({
    logger: false,
    bodyLimit: MESSAGE_BYTES,
    requestTimeout: REQUEST_MS,
    connectionTimeout: 0,
    clientErrorHandler: answerUnreadable(({ code }, socket) => metrics.refused.inc({ node: nodeShownBy(socket) ?? '', code })),
    // Whoever dribbles, or waits for an item, must not keep the process from ending; what is cut is sent again.
    forceCloseConnections: true,
    https: {
      ...secureContextOf(options),
      handshakeTimeout: HANDSHAKE_MS,
      headersTimeout: HEAD_MS,
      connectionsCheckingInterval: 5_000,
      // Whoever shows none, or a bad one, is answered by a code instead of a broken connection.
      requestCert: true,
      rejectUnauthorized: false,
    },
  } as never) as unknown as FastifyInstance;
  (app.server as unknown as Server).maxConnections = CONNECTIONS;
  keepDoors(app.server as unknown as Server, (why) => metrics.turnedAway.inc({ why }));
  const speakers = identify(app, deps);
  const sparing = new Sparing();
  takeBodies(app);
  app.setErrorHandler((error, request, reply) => {
    const call = request.routeOptions.url?.split('/').at(-1) ?? '';
    return answerRefusal(error, reply, { ...deps, metrics, sparing, call, node: speakers.get(request)?.node ?? '' });
  });
  app.setNotFoundHandler(() => {
    throw new Refusal('not-found', 'there is no such call in this protocol');
  });
  registerCalls(app, {
    ...deps,
    options,
    metrics,
    lanes: new Lanes({ running: options.applying ?? 2, taken: options.batches ?? 64, takenOfOne: 3 }),
    speaker(request) {
      const speaker = speakers.get(request);
      if (speaker === undefined) throw new Refusal('certificate-missing', 'show the certificate of your node (mutual TLS)');
      return speaker;
    },
  });
  return app;
}

// Before the body is read: a stranger's gigabyte is nobody's concern.
function identify(app: FastifyInstance, { database, clock }: ListenerDependencies): WeakMap<FastifyRequest, Speaker> {
  const speakers = new WeakMap<FastifyRequest, Speaker>();
  const inFlight = new Places(IN_FLIGHT);
  app.addHook('onRequest', async (request) => {
    if (request.is404) throw new Refusal('not-found', 'there is no such call in this protocol');
  });
  holdPlaces(app, ({ raw }) => inFlight.enter(nodeShownBy(raw.socket as TLSSocket) ?? `stranger ${raw.socket.remoteAddress}`));
  const issued = { find: (serial: string) => findCertificate(database, serial) };
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.open === true) return;
    speakers.set(request, await speakerOf(request.raw.socket as TLSSocket, issued, clock.now()));
  });
  return speakers;
}

/** Opens the port. Resolves to the address that it listens on. */
export async function openListener(app: FastifyInstance, { host, port }: ListenAddress): Promise<string> {
  return app.listen({ host, port });
}
