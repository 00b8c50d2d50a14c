import type { X509Certificate } from 'node:crypto';
import { type Queryable, saveCertificate } from '@beacontower/database';
import { type Authority, checkRequest, type IssuedCertificate, issueToNode, type NodeName } from '../certificates/x509.ts';
import { Refusal } from '../protocol/refusal.ts';

/** Who issues certificates to nodes below. */
export interface Issuer {
  /** PEM: its certificate and its private key. */
  readonly authority: Authority;
  /** How long a certificate is good, ms. */
  readonly lifeMs: number;
  /** What this node is, for whoever asks before it is let in. */
  readonly software: { readonly name: string; readonly version: string };
}

/** Issues a certificate to the key of a request, and notes it in the caller's transaction. */
export async function issueCertificate(
  tx: Queryable,
  { authority, lifeMs }: Issuer,
  { request, node, division }: NodeName & { readonly request: string },
  by: { readonly now: number; readonly actor: string },
): Promise<IssuedCertificate> {
  const checked = await checkRequest(request);
  if (checked === null) throw invalidRequest();
  const issued = await issueToNode(authority, checked, { node, division }, { notBefore: by.now, notAfter: by.now + lifeMs });
  await saveCertificate(tx, { ...issued, node, division }, by);
  return issued;
}

export function invalidRequest(): Refusal {
  const expected = 'EC P-256, P-384 or P-521, or RSA of 2,048 bits and more, signed with its own key';
  return new Refusal('request-invalid', `the certificate request (PKCS #10, PEM) cannot be taken: expected ${expected}`);
}

/** The share of its life that a certificate has behind it, 0 to 1. */
export function ageOf({ validFrom, validTo }: Pick<X509Certificate, 'validFrom' | 'validTo'>, now: number): number {
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return (now - from) / (to - from);
}
