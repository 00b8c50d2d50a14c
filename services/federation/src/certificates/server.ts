import { type Database, readServer, saveServer } from '@beacontower/database';
import type { Clock, Sealer } from '@beacontower/runtime';
import { type Authority, issueToServer, makeKeys } from './x509.ts';

const LIFE_MS = 90 * 86_400_000;
/** What is left of its life when it is made anew. */
const RENEW_MS = LIFE_MS / 3;
const CONTEXT = 'federation listener';

/** What the listener shows, PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly notAfter: number;
}

/** The certificate of the listener: made when it is first needed, when it is reached by other names, and in good time before it ends. */
export async function serverCertificateOf(
  { database, sealer, clock }: { readonly database: Database; readonly sealer: Sealer; readonly clock: Clock },
  authority: Authority,
  node: string,
  names: readonly string[],
): Promise<ServerCertificate> {
  const now = clock.now();
  const stored = await readServer(database);
  if (stored !== null && stored.notAfter - now > RENEW_MS && stored.names.join() === names.join()) {
    return { certificate: stored.certificate, key: sealer.open(stored.sealedKey, CONTEXT), notAfter: stored.notAfter };
  }
  const keys = await makeKeys();
  const { certificate, notAfter } = await issueToServer(authority, keys, node, names, { notBefore: now, notAfter: now + LIFE_MS });
  await saveServer(database, { certificate, sealedKey: sealer.seal(keys.privateKey, CONTEXT), names, notAfter });
  return { certificate, key: keys.privateKey, notAfter };
}
