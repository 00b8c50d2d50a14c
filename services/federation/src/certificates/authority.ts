import { type Database, keepAuthority, readAuthority } from '@beacontower/database';
import type { Clock, Sealer } from '@beacontower/runtime';
import { type Authority, makeAuthority, makeKeys } from './x509.ts';

const YEAR_MS = 365 * 86_400_000;
const AUTHORITY_YEARS = 20;
/** What its key is sealed for. */
const CONTEXT = 'federation authority';

/** The authority of this node, made when it is first needed. */
export async function authorityOf(
  { database, sealer, clock }: { readonly database: Database; readonly sealer: Sealer; readonly clock: Clock },
  node: string,
): Promise<Authority> {
  const stored = (await readAuthority(database)) ?? (await make());
  return { certificate: stored.certificate, privateKey: sealer.open(stored.sealedKey, CONTEXT) };

  async function make() {
    const now = clock.now();
    const keys = await makeKeys();
    const certificate = await makeAuthority(`Beacontower ${node}`, keys, { notBefore: now, notAfter: now + AUTHORITY_YEARS * YEAR_MS });
    return keepAuthority(database, { certificate, sealedKey: sealer.seal(keys.privateKey, CONTEXT) }, now);
  }
}
