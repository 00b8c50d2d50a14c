import { randomUUID } from 'node:crypto';
import { AccountName, RESERVED_NAMES } from '@beacontower/contracts';
import {
  type Account,
  findAccount,
  findAccountBySubject,
  insertAccount,
  lockAccount,
  type Transaction,
  tokenNamed,
} from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import { record } from '../accounts/record.ts';
import type { Identity } from './provider.ts';

const LONGEST_NAME = 64;
const LONGEST_DISPLAY_NAME = 100;
const MOST_TRIES = 50;

/**
 * The account of an identity, made without any rights for one who comes for the first time. Who it is is decided by issuer and subject
 * alone: a name or an address that somebody can choose at the provider opens nobody else's account.
 */
export async function accountOf(
  tx: Transaction,
  request: Pick<FastifyRequest, 'ip' | 'id'>,
  identity: Identity,
  now: number,
): Promise<{ readonly account: Account; readonly isNew: boolean }> {
  const { issuer, subject } = identity;
  // Two first visits of one person at once make one account.
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`oidc ${issuer} ${subject}`]);
  const known = await findAccountBySubject(tx, issuer, subject);
  const held = known && (await lockAccount(tx, known.id));
  if (held) return { account: held, isNew: false };
  const id = randomUUID();
  const name = await makeUnderFreeName(tx, id, identity, now);
  const detail = { name, issuer, subject };
  await record(tx, request, { at: now, actor: name, action: 'account.create', object: id, detail });
  const account = await findAccount(tx, id);
  if (!account) throw new Error('an account that was just made is not there');
  return { account, isNew: true };
}

async function makeUnderFreeName(tx: Transaction, id: string, identity: Identity, now: number): Promise<string> {
  const { issuer, subject, displayName, email } = identity;
  const wanted = accountName(identity);
  for (let i = 1; i <= MOST_TRIES; i++) {
    const suffix = i === 1 ? '' : `-${i}`;
    const name = `${wanted.slice(0, LONGEST_NAME - suffix.length)}${suffix}`;
    // What is done under these would read as done by somebody else.
    if (RESERVED_NAMES.includes(name.toLowerCase()) || (await tokenNamed(tx, name))) continue;
    const made = await insertAccount(
      tx,
      {
        id,
        name,
        displayName: (displayName ?? name).slice(0, LONGEST_DISPLAY_NAME),
        email: email !== null && email.length <= 254 ? email : undefined,
        oidc: { issuer, subject },
      },
      { actor: 'identity provider', now },
    );
    if (made === 'made') return name;
  }
  throw new Error('no free name was found for a new account');
}

/** A name as accounts have it, from what the provider calls somebody; without any, from the subject. */
export function accountName({ name, subject }: Pick<Identity, 'name' | 'subject'>): string {
  for (const wanted of [name, subject]) {
    const cleaned = (wanted ?? '')
      .replace(/[^\p{L}\p{N}._@-]+/gu, '-')
      .replace(/^[^\p{L}\p{N}]+/u, '')
      .slice(0, LONGEST_NAME);
    const parsed = AccountName.safeParse(cleaned);
    if (parsed.success) return parsed.data;
  }
  return 'person';
}
