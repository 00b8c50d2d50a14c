/** Who speaks: by the certificate of the connection, checked at every message, so that a revoked one is refused at the next. */
import type { TLSSocket } from 'node:tls';
import type { FederationCode } from '@beacontower/contracts';
import { type NodeName, nameOf } from '../certificates/x509.ts';
import { Refusal } from '../protocol/refusal.ts';

/** A node that showed a good certificate. */
export interface Speaker extends NodeName {
  readonly serial: string;
  readonly notAfter: number;
}

/** What is known of certificates that were issued here. */
export interface IssuedCertificates {
  /** Null: never issued here, or of a node that was removed. */
  find(
    serial: string,
  ): Promise<{ readonly node: string; readonly division: string; readonly revokedAt: number | null; readonly notAfter: number } | null>;
}

const UNTRUSTED: Readonly<Record<string, FederationCode>> = { CERT_HAS_EXPIRED: 'certificate-expired' };

/** Throws a `Refusal` that says what is wrong with the certificate. */
export async function speakerOf(socket: TLSSocket, issued: IssuedCertificates, now: number): Promise<Speaker> {
  const certificate = socket.getPeerX509Certificate?.();
  if (certificate === undefined) throw new Refusal('certificate-missing', 'show the certificate of your node (mutual TLS)');
  // Both: what was found first stays in the one, what was found last in the other.
  if (!socket.authorized || socket.authorizationError) {
    const reason = String(socket.authorizationError ?? 'unknown');
    throw new Refusal(UNTRUSTED[reason] ?? 'certificate-untrusted', `the certificate is not trusted here: ${reason}`);
  }
  const serial = certificate.serialNumber.toLowerCase();
  const found = await issued.find(serial);
  const name = nameOf(certificate.subjectAltName);
  if (found === null || name === null || found.node !== name.node) {
    throw new Refusal('certificate-foreign', 'the certificate is not that of a node that is enrolled here');
  }
  if (found.revokedAt !== null) throw new Refusal('certificate-revoked', 'the certificate was revoked: the node has to be enrolled anew');
  // A connection outlives the certificate that it was made with.
  if (found.notAfter < now) throw new Refusal('certificate-expired', 'the certificate has expired: renew it, or enrol anew');
  return { node: found.node, division: found.division, serial, notAfter: found.notAfter };
}
