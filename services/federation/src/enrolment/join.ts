/** How this node comes to report to another: it makes its key, asks with its token, and fetches its certificate once a person there has let it in. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { EnrolmentAnswer } from '@beacontower/contracts';
import {
  beginJoining,
  type Database,
  decodeInvitation,
  readCurrentEntities,
  readMembership,
  saveEnrolled,
  saveEnrolmentAsked,
  type UplinkMembership,
} from '@beacontower/database';
import { spokenCode } from '@beacontower/domain';
import { type Clock, type Sealer, UserError } from '@beacontower/runtime';
import { fingerprintOf, keysOf, makeKeys, makeRequest, nameOf, requestFingerprintOf } from '../certificates/x509.ts';
import { EnrolmentClient } from './enrolment-client.ts';
import { FirstContactFailed, fetchAuthority } from './first-contact.ts';
import { inWords } from './words.ts';

export interface JoinDependencies {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** What the key that is shown above, and the token until then, are sealed for. */
export const UPLINK_KEY_CONTEXT = 'federation uplink';
const TOKEN_CONTEXT = 'federation token';

/** How a request to join stands. */
export interface JoinState {
  readonly state: EnrolmentAnswer['state'];
  /** Read out over the telephone to whoever lets nodes in there. */
  readonly code: string;
  /** Id of the node above. */
  readonly parent: string;
  readonly reason: string | null;
}

/**
 * Asks the node that the token is of. Asking again with the same token is the same request. Throws a `UserError` that says what is wrong, and
 * with whom.
 */
export async function joinParent(token: string, version: string, deps: JoinDependencies): Promise<JoinState> {
  const { database } = deps;
  const invitation = decodeInvitation(token.trim());
  if (invitation === null) throw new UserError('this is no token of an invitation: it begins with "bt1." and is one word');
  const held = await readMembership(database);
  if (held?.state === 'enrolled')
    throw new UserError(`this node reports to ${held.parent ?? held.url} already: "beacontower federation leave" first`);
  const [own] = await readCurrentEntities(database, 'node');
  if (own === undefined) throw new UserError('this node has no configuration yet: run "beacontower apply FILE" first');
  if (held?.state === 'enrolling' && openToken(held, deps.sealer) === token.trim()) return askAgain(held, own, version, deps);
  await begin(token.trim(), invitation, deps);
  const begun = await readMembership(database);
  if (begun === null) throw new UserError('somebody else had this node leave meanwhile');
  return askAgain(begun, own, version, deps);
}

async function begin(
  token: string,
  { url, authority: fingerprint }: { readonly url: string; readonly authority: string },
  deps: JoinDependencies,
) {
  const { database, sealer, clock } = deps;
  const authority = await fetchAuthority(url, fingerprint).catch(userError);
  const client = new EnrolmentClient(url, { authority });
  try {
    const { node: parent } = await client.about().catch(userError);
    const keys = await makeKeys();
    const sealedKey = sealer.seal(keys.privateKey, UPLINK_KEY_CONTEXT);
    const joining = {
      url,
      sealedToken: sealer.seal(token, TOKEN_CONTEXT),
      sealedKey,
      authority,
      authorityFingerprint: fingerprint,
      parent,
    };
    await database.transaction((tx) => beginJoining(tx, joining, clock.now()));
  } finally {
    await client.close();
  }
}

async function askAgain(
  held: UplinkMembership,
  own: { readonly id: string; readonly name: string; readonly division: string },
  version: string,
  deps: JoinDependencies,
): Promise<JoinState> {
  const { database, sealer } = deps;
  const { url, authority, parent } = held;
  if (authority === null) throw new UserError('the request was begun and never made: join again with a new token');
  const keys = await keysOf(sealer.open(held.sealedKey, UPLINK_KEY_CONTEXT));
  const request = await makeRequest(own.id, keys);
  const client = new EnrolmentClient(url, { authority });
  try {
    const { id: node, name, division } = own;
    const software = { name: 'beacontower', version };
    const answer = await client.ask({ token: openToken(held, sealer) ?? '', node, division, name, software, request }).catch(userError);
    // What is read out is of this node's own key: a request that somebody else made in its name has another code.
    const code = spokenCode(requestFingerprintOf(request));
    if (answer.code !== code)
      throw new UserError('the node above speaks of another request: refuse it there, and ask for a new invitation');
    await saveEnrolmentAsked(database, answer.id, code);
    await takeAnswer(deps, held, answer);
    return { state: answer.state, code, parent: parent ?? url, reason: answer.reason };
  } finally {
    await client.close();
  }
}

/** Looks whether a request that was made has been decided, and takes the certificate. Null when this node is not asking to join. */
export async function lookAtRequest(deps: JoinDependencies): Promise<JoinState | null> {
  const { database, sealer } = deps;
  const held = await readMembership(database);
  const token = held === null ? null : openToken(held, sealer);
  if (held?.state !== 'enrolling' || held.enrolment === null || held.authority === null || token === null) return null;
  const client = new EnrolmentClient(held.url, { authority: held.authority });
  try {
    const answer = await client.look(held.enrolment, token);
    await takeAnswer(deps, held, answer);
    return { state: answer.state, code: held.code ?? answer.code, parent: held.parent ?? held.url, reason: answer.reason };
  } finally {
    await client.close();
  }
}

async function takeAnswer(
  { database, sealer }: JoinDependencies,
  held: UplinkMembership,
  { state, certificate, id }: EnrolmentAnswer,
): Promise<void> {
  const { authority, sealedKey } = held;
  if (state !== 'approved' || certificate === null || authority === null) return;
  const [own] = await readCurrentEntities(database, 'node');
  checkIssued(certificate, { authority, node: own?.id ?? '', privateKey: sealer.open(sealedKey, UPLINK_KEY_CONTEXT) });
  const notAfter = Date.parse(new X509Certificate(certificate).validTo);
  await database.transaction((tx) => saveEnrolled(tx, id, certificate, notAfter));
}

/** Throws when a certificate is not one of this node and its key, under the authority: the node above is not well. `privateKey`: PEM. */
export function checkIssued(
  certificate: string,
  { authority, node, privateKey }: { authority: string; node: string; privateKey: string },
): void {
  const read = new X509Certificate(certificate);
  const issuer = new X509Certificate(authority);
  const isOwn = nameOf(read.subjectAltName)?.node === node && read.checkPrivateKey(createPrivateKey(privateKey));
  if (!isOwn || !read.checkIssued(issuer) || !read.verify(issuer.publicKey))
    throw new UserError(`the certificate ${fingerprintOf(certificate)} that the node above issued is not one of ${node} and its key`);
}

function openToken({ sealedToken }: UplinkMembership, sealer: Sealer): string | null {
  return sealedToken === null ? null : sealer.open(sealedToken, TOKEN_CONTEXT);
}

function userError(error: unknown): never {
  throw error instanceof UserError || error instanceof FirstContactFailed ? new UserError(error.message) : new UserError(inWords(error));
}
