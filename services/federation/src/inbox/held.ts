import { type FederatedNode, findCertificate, lockFederatedNode, type Transaction } from '@beacontower/database';
import { Refusal } from '../protocol/refusal.ts';
import type { Speaker } from './speaker.ts';

/**
 * The row of who speaks, locked. Between the head of a message and its turn lies its body, and a queue: whoever was put out meanwhile, or
 * whose certificate was revoked, is heard no more. From here on, putting it out waits for the transaction to end.
 */
export async function lockSpeaker(tx: Transaction, { node, serial }: Pick<Speaker, 'node' | 'serial'>): Promise<FederatedNode> {
  const held = await lockFederatedNode(tx, node);
  if (held === null) throw new Refusal('certificate-foreign', `${node} is not enrolled here`);
  const certificate = await findCertificate(tx, serial);
  if (held.removedAt !== null || certificate === null || certificate.revokedAt !== null)
    throw new Refusal('certificate-revoked', 'the certificate was revoked: the node has to be enrolled anew');
  return held;
}
