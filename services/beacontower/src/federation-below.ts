/** Verbs of a node that others report to. */
import { randomUUID } from 'node:crypto';
import { type EnrolmentView, FederationReason, NewInvitation } from '@beacontower/contracts';
import {
  approveEnrolment,
  type Database,
  findInvitation,
  issueInvitation,
  listEnrolments,
  listInvitations,
  listNodes,
  lockEnrolment,
  refuseEnrolment,
  removeNode,
  type StoredEnrolment,
  type Transaction,
} from '@beacontower/database';
import { spokenCode } from '@beacontower/domain';
import { UserError } from '@beacontower/runtime';
import { byNow } from './account-acts.ts';
import { count, parse } from './arguments.ts';
import { FEDERATION_OPTIONS, oneNode, tell, withNode } from './federation-options.ts';
import { FEDERATION_WORDS, invitationTable, nodeTable, requestTable } from './federation-words.ts';
import { requireDivisions } from './tokens.ts';

const ALL = { limit: 1_000 } as const;
const EVERYWHERE = [''];

export async function inviteVerb(args: string[]): Promise<void> {
  const own = { division: { type: 'string' }, name: { type: 'string' }, hours: { type: 'string' }, url: { type: 'string' } } as const;
  const { values, positionals } = parse({ args, options: { ...FEDERATION_OPTIONS, ...own }, allowPositionals: true });
  const node = oneNode('invite', positionals);
  const { division, name, url } = values;
  if (division === undefined || name === undefined)
    throw new UserError('expected "federation invite NODE --division PATH --name NAME"; --help tells more');
  const hours = count('hours', values.hours);
  const given = { node, division, name, ...(hours === null ? {} : { hours }), ...(url === undefined ? {} : { url }) };
  const parsed = NewInvitation.safeParse(given);
  if (!parsed.success) throw new UserError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  await withNode(values, async (database, io) => {
    await requireDivisions(database, [division]);
    const id = randomUUID();
    const by = byNow();
    const token = await database.transaction((tx) => issueInvitation(tx, id, parsed.data, by));
    const made = await findInvitation(database, id, EVERYWHERE, by.now);
    tell(io, { ...made, token }, FEDERATION_WORDS[io.language].invited(node, token, made?.expiresAt ?? ''));
  });
}

export async function invitationsVerb(args: string[]): Promise<void> {
  const { values } = parse({ args, options: FEDERATION_OPTIONS });
  await withNode(values, async (database, io) => {
    const { items } = await listInvitations(database, ALL, EVERYWHERE, byNow().now);
    tell(io, { items }, invitationTable(items, io.language));
  });
}

export async function requestsVerb(args: string[]): Promise<void> {
  const { values } = parse({ args, options: { ...FEDERATION_OPTIONS, all: { type: 'boolean' } } });
  await withNode(values, async (database, io) => {
    const query = values.all === true ? ALL : { ...ALL, state: 'waiting' as const };
    const { items } = await listEnrolments(database, query, EVERYWHERE);
    tell(io, { items }, requestTable(items, io.language));
  });
}

export async function approveVerb(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: { ...FEDERATION_OPTIONS, code: { type: 'string' } }, allowPositionals: true });
  const node = oneNode('approve', positionals);
  const { code } = values;
  if (code === undefined || !/^\d{4}-\d{4}$/.test(code))
    throw new UserError('expected "--code NNNN-NNNN": the code that the node shows, read out over the telephone');
  await withNode(values, async (database, io) => {
    await decide(database, node, code, (tx, enrolment) => approveEnrolment(tx, enrolment, code, byNow()));
    tell(io, { node, done: 'approved' }, FEDERATION_WORDS[io.language].approved(node));
  });
}

export async function refuseVerb(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: { ...FEDERATION_OPTIONS, reason: { type: 'string' } }, allowPositionals: true });
  const node = oneNode('refuse', positionals);
  const reason = reasonOf(values.reason);
  await withNode(values, async (database, io) => {
    await decide(database, node, null, (tx, enrolment) => refuseEnrolment(tx, enrolment, reason, byNow()));
    tell(io, { node, done: 'refused' }, FEDERATION_WORDS[io.language].refused(node));
  });
}

export async function revokeVerb(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: { ...FEDERATION_OPTIONS, reason: { type: 'string' } }, allowPositionals: true });
  const node = oneNode('revoke', positionals);
  const reason = reasonOf(values.reason);
  await withNode(values, async (database, io) => {
    await database.transaction((tx) => removeNode(tx, node, reason, byNow()));
    tell(io, { node, done: 'revoked' }, FEDERATION_WORDS[io.language].revoked(node));
  });
}

export async function nodesVerb(args: string[]): Promise<void> {
  const { values } = parse({ args, options: FEDERATION_OPTIONS });
  await withNode(values, async (database, io) => {
    const { items } = await listNodes(database, ALL, EVERYWHERE, byNow().now);
    tell(io, { items }, nodeTable(items, io.language));
  });
}

/** Decides on the request of a node that waits. Of several, made with several invitations, the one with the code that was given, else none. */
async function decide(
  database: Database,
  node: string,
  code: string | null,
  act: (tx: Transaction, enrolment: StoredEnrolment) => Promise<void>,
): Promise<void> {
  const { items } = await listEnrolments(database, { ...ALL, state: 'waiting' }, EVERYWHERE);
  const waiting = items.filter((each) => each.node === node);
  await database.transaction(async (tx) => act(tx, await chosen(tx, node, waiting, code)));
}

async function chosen(tx: Transaction, node: string, waiting: readonly EnrolmentView[], code: string | null): Promise<StoredEnrolment> {
  const found: StoredEnrolment[] = [];
  for (const { id } of waiting) {
    const enrolment = await lockEnrolment(tx, id);
    if (enrolment?.state === 'waiting') found.push(enrolment);
  }
  const [only, ...others] = found;
  if (only === undefined) throw new UserError(`no request of ${node} waits: "beacontower federation requests" shows those that do`);
  if (others.length === 0) return only;
  const same = found.find(({ keyFingerprint }) => spokenCode(keyFingerprint) === code);
  if (same === undefined)
    throw new UserError(`${found.length} requests of ${node} wait: decide on the right one in the console, by its time and address`);
  return same;
}

function reasonOf(text: string | undefined): string {
  const parsed = FederationReason.safeParse({ reason: text });
  if (!parsed.success)
    throw new UserError('expected "--reason TEXT" of at most 500 characters: it stands in the audit, and is told to the node');
  return parsed.data.reason;
}
