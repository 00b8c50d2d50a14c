import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { forgetKeys } from '@beacontower/database';
import { type Component, formatListen, type Health, Loop, readCertificate, UserError } from '@beacontower/runtime';
import { sweepSessions } from './accounts/sweep.ts';
import { buildApp } from './app.ts';
import { type ApiConfig, type ApiOptions, apiConfig } from './config.ts';
import type { ApiDeps, App } from './context.ts';
import { CertificateKeeper } from './tls/keeper.ts';

/** The API as a component, with the address it listens on once started. */
export interface Api extends Component {
  /** `http://host:port`, `https://` with a certificate; undefined before `start`. */
  readonly url: string | undefined;
}

const KEYS_KEPT_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The role `api`: inert until started. A port in use stops the start with a line that says what to do. */
export function createApi(options: ApiOptions, deps: ApiDeps): Api {
  const config = apiConfig(options);
  const sweeping = new Loop({
    name: 'idempotency-keys',
    logger: deps.logger,
    pauseMs: HOUR_MS,
    async pass() {
      await forgetKeys(deps.database, deps.clock.now() - KEYS_KEPT_MS);
      return 'pause';
    },
  });
  const sessions = new Loop({
    name: 'sessions',
    logger: deps.logger,
    pauseMs: MINUTE_MS,
    async pass() {
      await sweepSessions(deps);
      return 'pause';
    },
  });
  let app: App | undefined;
  let keeper: CertificateKeeper | undefined;
  let url: string | undefined;
  let health: Health = { status: 'starting' };
  return {
    name: 'api',
    get url() {
      return url;
    },
    async start() {
      app = await buildApp(config, deps);
      try {
        url = await app.listen({ host: config.listen.host, port: config.listen.port });
      } catch (error) {
        await app.close();
        throw explain(error, formatListen(config.listen));
      }
      sweeping.start();
      sessions.start();
      app.guardian.start();
      keeper = keeperOf(app, config, deps);
      keeper?.start();
      health = { status: 'ok' };
      deps.logger.info({ url }, 'the API listens');
    },
    async stop() {
      health = { status: 'starting', detail: 'stopping' };
      await sweeping.stop();
      await sessions.stop();
      await keeper?.stop();
      await app?.close();
      await app?.guardian.stop();
      app = undefined;
      url = undefined;
    },
    health: () => (health.status === 'ok' && app ? partsHealth(app, keeper) : health),
  };
}

function keeperOf(app: App, { tls }: ApiConfig, { clock, logger }: ApiDeps): CertificateKeeper | undefined {
  const { server } = app as unknown as { server: Server | TlsServer };
  if (tls === null || !('setSecureContext' in server)) return undefined;
  return new CertificateKeeper(readCertificate(tls), { files: tls, clock, logger, use: (options) => server.setSecureContext(options) });
}

function partsHealth({ audit, guardian }: App, keeper: CertificateKeeper | undefined): Health {
  if (!audit.isBehind) return [guardian.health(), keeper?.health()].find((each) => each && each.status !== 'ok') ?? { status: 'ok' };
  return { status: 'degraded', detail: 'audit rows cannot be written: nothing can be done through the API until they are' };
}

function explain(error: unknown, address: string): unknown {
  const { code } = error as { code?: unknown };
  if (code === 'EADDRINUSE')
    return new UserError(`${address} is in use: stop what listens there, or choose another with --listen HOST:PORT`);
  if (code === 'EACCES') return new UserError(`not allowed to listen on ${address}: choose a port above 1023 with --listen HOST:PORT`);
  if (code === 'EADDRNOTAVAIL') return new UserError(`${address} is not an address of this host: choose another with --listen HOST:PORT`);
  return error;
}
