/** Has the certificate that is shown above renewed in good time: after two thirds of its life, and tried again until it is done. */
import { X509Certificate } from 'node:crypto';
import {
  type Database,
  keepNextKey,
  type LeasedWork,
  readMembership,
  saveRenewed,
  type Turn,
  type UplinkMembership,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult, Sealer } from '@beacontower/runtime';
import { keysOf, makeKeys, makeRequest, nameOf } from '../certificates/x509.ts';
import type { UplinkMetrics } from '../metrics.ts';
import { EnrolmentClient } from './enrolment-client.ts';
import { ageOf } from './issue.ts';
import { checkIssued, UPLINK_KEY_CONTEXT } from './join.ts';

export interface RenewalDependencies {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<UplinkMetrics, 'renewals' | 'certificateEnds'>;
}

const RENEW_AGE = 2 / 3;
const LOOK_MS = 3_600_000;
const RETRY_MS = 300_000;

export class Renewal implements LeasedWork {
  readonly name = 'uplink-renewal';
  readonly lease = 'uplink-renewal';
  readonly pauseMs = LOOK_MS;
  readonly failurePauseMs = RETRY_MS;
  readonly #deps: RenewalDependencies;

  constructor(deps: RenewalDependencies) {
    this.#deps = deps;
  }

  async pass(_turn: Turn): Promise<LoopResult> {
    const { database, clock, metrics } = this.#deps;
    const held = await readMembership(database);
    if (held?.state !== 'enrolled' || held.certificate === null || held.authority === null) return 'pause';
    if (held.notAfter !== null) metrics.certificateEnds.set(held.notAfter / 1_000);
    if (ageOf(new X509Certificate(held.certificate), clock.now()) < RENEW_AGE) return 'pause';
    try {
      await this.#renew(held, held.certificate, held.authority);
      metrics.renewals.inc({ outcome: 'renewed' });
    } catch (error) {
      metrics.renewals.inc({ outcome: 'failed' });
      throw error;
    }
    return 'pause';
  }

  // The key is kept before it is asked for: an answer that was lost is asked for again, and is the same.
  async #renew(held: UplinkMembership, certificate: string, authority: string): Promise<void> {
    const { database, sealer, logger } = this.#deps;
    const node = nameOf(new X509Certificate(certificate).subjectAltName)?.node ?? '';
    const fresh = held.nextSealedKey ?? sealer.seal((await makeKeys()).privateKey, UPLINK_KEY_CONTEXT);
    const sealedKey = await keepNextKey(database, fresh);
    const privateKey = sealer.open(sealedKey, UPLINK_KEY_CONTEXT);
    const request = await makeRequest(node, await keysOf(privateKey));
    const own = { certificate, key: sealer.open(held.sealedKey, UPLINK_KEY_CONTEXT) };
    const client = new EnrolmentClient(held.url, { authority, own });
    try {
      const renewed = await client.renew(request);
      checkIssued(renewed.certificate, { authority, node, privateKey });
      await database.transaction((tx) => saveRenewed(tx, sealedKey, renewed.certificate, renewed.notAfter));
      logger.info({ notAfter: renewed.notAfter }, 'the certificate that is shown above was renewed');
    } finally {
      await client.close();
    }
  }
}
