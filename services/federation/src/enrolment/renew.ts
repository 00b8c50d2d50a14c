/** `POST /renewals`: a new certificate for a node whose present one is still good; both are, until the older one ends. */
import { X509Certificate } from 'node:crypto';
import { FEDERATION_PATH, type RenewalAnswer, RenewalRequest } from '@beacontower/contracts';
import { lockFederatedNode, type Queryable, readGoodCertificates, type StoredCertificate } from '@beacontower/database';
import type { FastifyInstance } from 'fastify';
import { checkRequest, keyFingerprintOf } from '../certificates/x509.ts';
import { parse } from '../inbox/bodies.ts';
import type { CallContext } from '../inbox/listener.ts';
import type { Speaker } from '../inbox/speaker.ts';
import { Refusal } from '../protocol/refusal.ts';
import { ageOf, type Issuer, invalidRequest, issueCertificate } from './issue.ts';

const MOST_BYTES = 32 * 1024;
/** Nodes renew after two thirds of a certificate's life; a clock may be off, a foreign system have other habits. */
const LEAST_AGE = 0.5;
/** A node that asks over and over, each time with another key, is not well. */
const MOST_GOOD = 4;

export function registerRenewals(app: FastifyInstance, context: CallContext, issuer: Issuer): void {
  const { database, clock, metrics } = context;
  app.post(`${FEDERATION_PATH}/renewals`, { bodyLimit: MOST_BYTES }, async (request): Promise<RenewalAnswer> => {
    const speaker = context.speaker(request);
    const { request: pem } = parse(RenewalRequest, request.body);
    const checked = await checkRequest(pem);
    if (checked === null) throw invalidRequest();
    const now = clock.now();
    const { certificate, notAfter } = await database.transaction(async (tx) => {
      // One renewal of a node at a time; a node that was put out meanwhile gets none.
      const held = await lockFederatedNode(tx, speaker.node);
      if (held === null || held.removedAt !== null) throw new Refusal('certificate-revoked', 'this node does not report here any more');
      const good = await readGoodCertificates(tx, speaker.node, now);
      const same = good.find((each) => keyFingerprintOf(each.certificate) === checked.keyFingerprint);
      if (same !== undefined && same.serial !== speaker.serial) return same;
      return renew(tx, { speaker, pem, good, issuer, now });
    });
    metrics.certificates.inc({ use: 'renewal' });
    return { certificate, authority: issuer.authority.certificate, notAfter };
  });
}

interface Renewal {
  readonly speaker: Speaker;
  readonly pem: string;
  readonly good: readonly StoredCertificate[];
  readonly issuer: Issuer;
  readonly now: number;
}

async function renew(tx: Queryable, { speaker, pem, good, issuer, now }: Renewal) {
  const shown = good.find(({ serial }) => serial === speaker.serial);
  if (shown === undefined) throw new Refusal('certificate-revoked', 'the certificate is good no more: the node has to be enrolled anew');
  const early = earlyMs(shown, good, now);
  if (early > 0)
    throw new Refusal('renewal-too-early', 'renew a certificate in the second half of its life, with one key', { retryAfterMs: early });
  return issueCertificate(
    tx,
    issuer,
    { request: pem, node: speaker.node, division: speaker.division },
    { now, actor: `node ${speaker.node}` },
  );
}

/** How long it is until this certificate may be renewed; 0: it may be. */
function earlyMs(shown: StoredCertificate, good: readonly StoredCertificate[], now: number): number {
  // One of those that are good has to end first.
  if (good.length >= MOST_GOOD) return Math.max(1, Math.min(...good.map(({ notAfter }) => notAfter)) - now);
  const certificate = new X509Certificate(shown.certificate);
  const life = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
  return Math.max(0, (LEAST_AGE - ageOf(certificate, now)) * life);
}
