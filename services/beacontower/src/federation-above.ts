/** Verbs of a node that reports to another. */
import { appendAudit, type Database, leaveUplink, readMembership, restartChain, viewUplink } from '@beacontower/database';
import { readEnvironment, SystemClock, UserError } from '@beacontower/runtime';
import type { JoinDependencies, JoinState } from '@beacontower/service-federation';
import { byNow } from './account-acts.ts';
import { parse } from './arguments.ts';
import type { CommandIo } from './configuration-commands.ts';
import { FEDERATION_OPTIONS, tell, withNode } from './federation-options.ts';
import { FEDERATION_WORDS, uplinkText } from './federation-words.ts';
import { sealerForWriting } from './secret-key.ts';
import { VERSION } from './version.ts';

const LOOK_MS = 3_000;

export async function joinVerb(args: string[]): Promise<void> {
  const options = { ...FEDERATION_OPTIONS, 'no-wait': { type: 'boolean' } } as const;
  const { values, positionals } = parse({ args, options, allowPositionals: true });
  const [token, ...more] = positionals;
  if (token === undefined || more.length > 0) throw new UserError('expected "federation join TOKEN": the token of the invitation');
  const { joinParent } = await import('@beacontower/service-federation');
  await withNode(values, async (database, io) => {
    const deps = { database, sealer: sealerForWriting(readEnvironment(), values.data), clock: new SystemClock() };
    const words = FEDERATION_WORDS[io.language];
    const first = await joinParent(token, VERSION, deps);
    await recordAct(database, 'federation.join', first.parent);
    if (first.state === 'waiting' && !io.json) io.out(`${words.asks(first.parent, first.code)}\n`);
    const isDone = first.state !== 'waiting' || values['no-wait'] === true;
    const last = isDone ? first : await decided(deps);
    if (last.state === 'refused') throw new UserError(words.wasRefused(last.parent, last.reason));
    if (io.json) tell(io, last, '');
    else io.out(`${last.state === 'waiting' ? words.goesOn : words.joined(last.parent)}\n`);
  });
}

/** Waits until a person there has decided, however long the line is down meanwhile. */
async function decided(deps: JoinDependencies): Promise<JoinState> {
  const { lookAtRequest } = await import('@beacontower/service-federation');
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const found = await lookAtRequest(deps).catch(() => null);
    if (found !== null && found.state !== 'waiting') return found;
    // The node itself looks too, and may have been faster.
    const held = await readMembership(deps.database);
    if (held?.state === 'enrolled') return { state: 'approved', code: '', parent: held.parent ?? held.url, reason: null };
    if (held?.state !== 'enrolling') throw new UserError('somebody else had this node leave meanwhile');
  }
}

export async function statusVerb(args: string[]): Promise<void> {
  const { values } = parse({ args, options: FEDERATION_OPTIONS });
  await withNode(values, async (database: Database, io: CommandIo) => {
    const view = await viewUplink(database);
    tell(io, view, uplinkText(view, io.language));
  });
}

export async function leaveVerb(args: string[]): Promise<void> {
  const { values } = parse({ args, options: FEDERATION_OPTIONS });
  await withNode(values, async (database, io) => {
    const { parent } = await viewUplink(database);
    const left = await database.transaction((tx) => leaveUplink(tx));
    if (!left) throw new UserError('this node reports to no other');
    await recordAct(database, 'federation.leave', parent ?? '');
    tell(io, { left: parent }, FEDERATION_WORDS[io.language].left(parent ?? '?'));
  });
}

/** Begins a new chain, by the word of a person: what the one before told stays with the node above. */
export async function restartChainVerb(args: string[]): Promise<void> {
  const { values } = parse({ args, options: FEDERATION_OPTIONS });
  await withNode(values, async (database, io) => {
    const begun = await restartChain(database);
    if (begun === null) throw new UserError('this node reports to no other');
    const { parent } = await viewUplink(database);
    await recordAct(database, 'federation.restart-chain', parent ?? '', { from: begun.before.incarnation, to: begun.incarnation });
    tell(io, begun, FEDERATION_WORDS[io.language].restarted(parent ?? '?'));
  });
}

async function recordAct(database: Database, action: string, object: string, detail: Readonly<Record<string, string>> = {}): Promise<void> {
  const { actor, source, now } = byNow();
  await appendAudit(database, { at: now, actor, source, action, object, result: 'done', detail });
}
