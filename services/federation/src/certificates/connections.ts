import type { Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Database, findCertificate, REVOCATION_CHANNEL } from '@beacontower/database';
import type { Logger } from '@beacontower/runtime';
import type { FederationMetrics } from '../metrics.ts';
import { nameOf } from './x509.ts';

interface Peer {
  readonly node: string;
  readonly serial: string;
}

export interface PeerConnectionsDependencies {
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Pick<FederationMetrics, 'connections' | 'cut'>;
}

/** The node that a connection shows a certificate of, issued by the authority of the listener; null: none. Whether it is good still is not asked. */
export function nodeShownBy(socket: TLSSocket): string | null {
  if (!socket.authorized || socket.authorizationError) return null;
  return nameOf(socket.getPeerX509Certificate?.()?.subjectAltName)?.node ?? null;
}

/**
 * The connections of a listener. Those whose certificate was revoked are cut as soon as the database tells of it, whichever process revoked
 * it; should that word be lost, every message asks for the certificate anyway.
 */
export class PeerConnections {
  readonly #deps: PeerConnectionsDependencies;
  readonly #peers = new Map<TLSSocket, Peer | null>();
  #end: (() => Promise<void>) | undefined;

  constructor(deps: PeerConnectionsDependencies) {
    this.#deps = deps;
  }

  async start(server: Server): Promise<void> {
    server.on('secureConnection', (socket) => this.#keep(socket));
    // The first word, and the one after the line to the database was lost, names nobody: then all are looked at.
    this.#end = await this.#deps.database.listen(REVOCATION_CHANNEL, (node) => void this.#cut(node));
  }

  async stop(): Promise<void> {
    await this.#end?.();
    this.#end = undefined;
  }

  #keep(socket: TLSSocket): void {
    const certificate = socket.getPeerX509Certificate?.();
    const node = certificate === undefined ? undefined : nameOf(certificate.subjectAltName)?.node;
    this.#peers.set(
      socket,
      certificate === undefined || node === undefined ? null : { node, serial: certificate.serialNumber.toLowerCase() },
    );
    this.#deps.metrics.connections.set(this.#peers.size);
    socket.once('close', () => {
      this.#peers.delete(socket);
      this.#deps.metrics.connections.set(this.#peers.size);
    });
  }

  async #cut(node: string): Promise<void> {
    const { database, logger, metrics } = this.#deps;
    for (const [socket, peer] of [...this.#peers]) {
      if (peer === null || (node !== '' && peer.node !== node)) continue;
      try {
        const found = await findCertificate(database, peer.serial);
        if (found !== null && found.revokedAt === null) continue;
      } catch (error) {
        // Whoever cannot be looked up is asked for the certificate with the next message.
        logger.warn({ err: error, node: peer.node }, 'a connection could not be checked against what was revoked');
        continue;
      }
      socket.destroy();
      metrics.cut.inc();
      logger.info({ node: peer.node }, 'a connection was cut: its certificate was revoked');
    }
  }
}
