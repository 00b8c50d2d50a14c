import { createHash, randomBytes } from 'node:crypto';
import type { OidcRefusal } from '@beacontower/contracts';
import {
  type Account,
  insertSignInFlow,
  readAccessPolicy,
  type SignInFlow,
  setAccount,
  type Transaction,
  takeSignInFlow,
} from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import { checkSource, type OpenedSession, openAccountSession } from '../accounts/open-session.ts';
import { record } from '../accounts/record.ts';
import type { RouteContext } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { accountOf } from './account.ts';
import { type Identity, type OidcProvider, OidcRefused } from './provider.ts';

/** How long somebody may take at the provider. */
export const FLOW_MS = 10 * 60_000;

const random = () => randomBytes(32).toString('base64url');
const hashOf = (secret: string) => createHash('sha256').update(secret, 'utf8').digest();

/** Begins a flow: what the browser is to keep in a cookie, and where it is to go. */
export async function beginFlow(
  { database, clock }: RouteContext,
  provider: OidcProvider,
  { to, again }: { readonly to: string; readonly again: boolean },
): Promise<{ readonly secret: string; readonly url: string } | OidcRefusal> {
  const flow: SignInFlow = { state: random(), nonce: random(), verifier: random(), to };
  const secret = random();
  try {
    const url = await provider.authorizationUrl(flow, again);
    const now = clock.now();
    return (await insertSignInFlow(database, hashOf(secret), flow, now, now + FLOW_MS)) ? { secret, url } : 'too-many';
  } catch (error) {
    if (error instanceof OidcRefused) return error.code;
    throw error;
  }
}

/** Ends a flow: a session, and where to go on to; or why not. Either way it is recorded. */
export async function endFlow(
  context: RouteContext,
  provider: OidcProvider,
  request: FastifyRequest,
  secret: string | undefined,
): Promise<{ readonly opened: OpenedSession; readonly to: string } | OidcRefusal> {
  const { database, clock, logger } = context;
  const flow = secret === undefined ? undefined : await takeSignInFlow(database, hashOf(secret), clock.now());
  if (!flow) return refuse(context, request, 'flow-over', null);
  let identity: Identity;
  try {
    identity = await provider.identify(queryOf(request), flow);
  } catch (error) {
    if (!(error instanceof OidcRefused)) throw error;
    logger.warn({ code: error.code, reason: reasonOf(error.cause) }, 'nobody was signed in by the identity provider');
    return refuse(context, request, error.code, null);
  }
  const now = clock.now();
  const result = await database.transaction(async (tx) => {
    const { account } = await accountOf(tx, request, identity, now);
    return admit(tx, request, { account, identity, now });
  });
  return typeof result === 'string' ? result : { opened: result, to: flow.to };
}

interface Admitting {
  readonly account: Account;
  readonly identity: Identity;
  readonly now: number;
}

async function admit(
  tx: Transaction,
  request: FastifyRequest,
  { account, identity, now }: Admitting,
): Promise<OpenedSession | OidcRefusal> {
  const policy = await readAccessPolicy(tx);
  const who = { at: now, actor: account.name, action: 'session.sign-in', object: account.id };
  const refusal = refusalOf(account, request.ip, policy, now);
  if (refusal !== null) {
    await record(tx, request, { ...who, result: 'denied', detail: { method: 'oidc', reason: refusal } });
    return refusal;
  }
  const proof = { method: 'oidc' as const, secondFactorGiven: identity.secondFactorGiven };
  const opened = await openAccountSession(tx, request, { account, policy, proof, now });
  await setAccount(tx, account.id, { lastSignInAt: now });
  const { stage, id: session } = opened;
  await record(tx, request, { ...who, detail: { method: 'oidc', stage, session, secondFactor: identity.secondFactorGiven } });
  return opened;
}

function refusalOf(account: Account, address: string, policy: Parameters<typeof checkSource>[1], now: number): OidcRefusal | null {
  if (account.disabledAt !== null) return 'disabled';
  if (account.lockedUntil !== null && account.lockedUntil > now) return 'locked';
  if (account.roles.length === 0) return 'no-rights';
  try {
    checkSource(account, policy, address);
    return null;
  } catch (error) {
    if (error instanceof ApiProblem) return 'not-from-here';
    throw error;
  }
}

async function refuse({ database, clock }: RouteContext, request: FastifyRequest, reason: OidcRefusal, actor: string | null) {
  const deed = { at: clock.now(), actor: actor ?? 'anonymous', action: 'session.sign-in', object: '', result: 'denied' as const };
  await record(database, request, { ...deed, detail: { method: 'oidc', reason } });
  return reason;
}

function queryOf({ raw }: FastifyRequest): string {
  const at = raw.url?.indexOf('?') ?? -1;
  return at === -1 ? '' : (raw.url ?? '').slice(at);
}

// What the package says names the fault, such as a nonce that differs; never what the browser or the provider sent.
function reasonOf(cause: unknown): string {
  if (cause instanceof Error) return `${cause.name}: ${cause.message}`.slice(0, 300);
  return typeof cause === 'string' ? cause.slice(0, 100) : 'unknown';
}
