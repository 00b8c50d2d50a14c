import { constants } from 'node:crypto';
import { OLDEST_TLS } from '@beacontower/runtime';

/** What the listener shows, and whom it trusts, all PEM. */
export interface ShownCertificates {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

/**
 * By which the listener speaks TLS, from its beginning and after its certificate was renewed. Who speaks is decided as a connection is made:
 * Node does not look again whether it trusts a certificate that is shown by renegotiating (TLS 1.2), so there is none.
 */
export function secureContextOf({ certificate, key, authority }: ShownCertificates) {
  return { cert: certificate, key, ca: authority, minVersion: OLDEST_TLS, secureOptions: constants.SSL_OP_NO_RENEGOTIATION } as const;
}
