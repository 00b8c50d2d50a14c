/** The certificate that the node shows to browsers: read with care, so that a bad one is told of in one line. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { UserError } from './environment.ts';
import type { TlsFiles } from './sign-in-settings.ts';

/** A certificate with its chain, and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Epoch ms. */
  readonly notAfter: number;
  /** Whom it is for, such as `DNS:noc.example.cn`. */
  readonly names: string;
}

/** Oldest protocol that is spoken: what came before is broken (RFC 8996). */
export const OLDEST_TLS = 'TLSv1.2';

/** Reads both files. Throws a `UserError` that says which is wrong and how; it shows nothing of the key. */
export function readCertificate({ certFile, keyFile }: TlsFiles): Certificate {
  const cert = read(certFile, 'BEACONTOWER_TLS_CERT_FILE');
  const key = read(keyFile, 'BEACONTOWER_TLS_KEY_FILE');
  const parsed = parse(() => new X509Certificate(cert), `${certFile} holds no certificate in PEM`);
  const privateKey = parse(() => createPrivateKey(key), `${keyFile} holds no private key in PEM, or one that needs a passphrase`);
  if (!parsed.checkPrivateKey(privateKey)) throw new UserError(`the key ${keyFile} is not the one of the certificate ${certFile}`);
  parse(() => createSecureContext({ cert, key, minVersion: OLDEST_TLS }), `${certFile} and ${keyFile} cannot be used for TLS`);
  return { cert, key, notAfter: Date.parse(parsed.validTo), names: parsed.subjectAltName ?? parsed.subject };
}

function read(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${name}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function parse<T>(make: () => T, fault: string): T {
  try {
    return make();
  } catch {
    throw new UserError(fault);
  }
}
