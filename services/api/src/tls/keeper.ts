import type { SecureContextOptions } from 'node:tls';
import {
  type Certificate,
  type Clock,
  type Health,
  type Logger,
  Loop,
  OLDEST_TLS,
  readCertificate,
  type TlsFiles,
} from '@beacontower/runtime';

export interface CertificateKeeperDeps {
  readonly files: TlsFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Connections from now on are given this certificate. */
  readonly use: (options: SecureContextOptions) => void;
  /** How often the files are looked at, ms. */
  readonly everyMs?: number;
}

const EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** Whoever renews certificates by hand needs as long. */
const WARN_DAYS = 14;

/** Looks after the certificate while the node runs: a renewed one is taken up within a minute, a bad one is told of and not used. */
export class CertificateKeeper {
  readonly #deps: CertificateKeeperDeps;
  readonly #loop: Loop;
  #used: Certificate;
  #fault: string | null = null;

  constructor(used: Certificate, deps: CertificateKeeperDeps) {
    this.#used = used;
    this.#deps = deps;
    this.#loop = new Loop({ name: 'certificate', logger: deps.logger, pauseMs: deps.everyMs ?? EVERY_MS, pass: async () => this.#look() });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  health(): Health {
    if (this.#fault !== null) return { status: 'degraded', detail: `the new certificate is not used: ${this.#fault}` };
    const days = Math.floor((this.#used.notAfter - this.#deps.clock.now()) / DAY_MS);
    if (days >= WARN_DAYS) return { status: 'ok' };
    return { status: 'degraded', detail: days < 0 ? 'the certificate has expired' : `the certificate expires in ${days} days` };
  }

  #look(): 'pause' {
    const { files, logger, use } = this.#deps;
    try {
      const found = readCertificate(files);
      this.#fault = null;
      if (found.cert === this.#used.cert && found.key === this.#used.key) return 'pause';
      use({ cert: found.cert, key: found.key, minVersion: OLDEST_TLS });
      this.#used = found;
      logger.info({ names: found.names, notAfter: new Date(found.notAfter).toISOString() }, 'the renewed certificate is used');
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.#fault) logger.warn({ reason: fault }, 'the certificate cannot be read; the one of before stays in use');
      this.#fault = fault;
    }
    return 'pause';
  }
}
