/** The first connection to a node above: its authority is known by nothing but the fingerprint in the token. */
import { X509Certificate } from 'node:crypto';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { OLDEST_TLS } from '@beacontower/runtime';

/** It is not reached, or not the one that it should be. The message is for people. */
export class FirstContactFailed extends Error {
  override readonly name = 'FirstContactFailed';
}

const TIMEOUT_MS = 10_000;
/** Nobody's chain is longer. */
const LONGEST_CHAIN = 5;

/**
 * The certificate (PEM) of the authority that the listener at `url` hangs on, when its SHA-256 is `fingerprint`. Nothing is said over this
 * connection: what is secret goes over the next, which trusts this authority alone. Throws a `FirstContactFailed`.
 */
export async function fetchAuthority(url: string, fingerprint: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const chain = await shownBy(host, port === '' ? 443 : Number(port));
  const authority = chain.find((each) => sha256Of(each) === fingerprint);
  if (authority === undefined)
    throw new FirstContactFailed(
      `what answers at ${url} is not the node that the token is of: nothing was told to it. Somebody stands between, or the address leads elsewhere`,
    );
  return authority.toString();
}

function sha256Of(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

function shownBy(host: string, port: number): Promise<X509Certificate[]> {
  return new Promise((resolve, reject) => {
    // Checked by its fingerprint alone: no authority of the machine is asked.
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      minVersion: OLDEST_TLS,
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    });
    const fail = (why: string) => {
      socket.destroy();
      reject(new FirstContactFailed(`${host} port ${port} is not reached: ${why}`));
    };
    socket.setTimeout(TIMEOUT_MS, () => fail('no answer within 10 s'));
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    socket.once('secureConnect', () => {
      const chain = chainOf(socket.getPeerCertificate(true));
      socket.destroy();
      resolve(chain);
    });
  });
}

function chainOf(leaf: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: DetailedPeerCertificate | undefined = leaf;
  while (next?.raw !== undefined && chain.length < LONGEST_CHAIN) {
    chain.push(new X509Certificate(next.raw));
    // The last one is its own issuer.
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return chain;
}
