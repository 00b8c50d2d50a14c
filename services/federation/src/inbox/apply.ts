/** Takes in a batch of a node's log: whole or not at all, exactly once, in order. */
import { type Envelope, type LogPlace, NO_HASH } from '@beacontower/contracts';
import {
  type ApplyContext,
  type Database,
  type FederatedNode,
  NotApplicable,
  savePlace,
  settlePlace,
  type Transaction,
} from '@beacontower/database';
import type { Clock } from '@beacontower/runtime';
import { readBatch } from '../protocol/chain.ts';
import { Refusal } from '../protocol/refusal.ts';
import { APPLIERS } from './appliers.ts';
import { lockSpeaker } from './held.ts';
import { type Fault, outOfScope, readNodeScope, scopeOf } from './scope.ts';
import { unsound } from './sound.ts';
import type { Speaker } from './speaker.ts';
import { isUnstorableData, UNSTORABLE } from './unstorable.ts';

/** What became of a batch. */
export interface AppliedBatch {
  readonly place: LogPlace;
  /** Lines that were not known before. */
  readonly fresh: number;
  readonly byKind: ReadonlyMap<Envelope['kind'], number>;
}

export interface ApplyDependencies {
  readonly database: Database;
  readonly clock: Clock;
}

/** Takes in `text`, lines of the log of who speaks in `incarnation`. Throws a `Refusal`; then nothing of it is in the record. */
export function applyBatch(
  { database, clock }: ApplyDependencies,
  from: Pick<Speaker, 'node' | 'serial'>,
  incarnation: string,
  text: string,
): Promise<AppliedBatch> {
  return database.transaction(async (tx) => {
    const held = await heldOf(tx, from, incarnation);
    const end = { sequence: held.sequence, hash: held.hash ?? NO_HASH };
    const resume = { incarnation, ...end };
    const read = readBatch(text, end);
    if (!read.ok) throw new Refusal(read.code, read.detail, { resume, sequence: read.sequence });
    const envelopes = read.fresh.map(({ envelope }) => envelope);
    const now = clock.now();
    const { divisions } = await readNodeScope(tx, held);
    const later: (() => Promise<unknown>)[] = [];
    await applyRuns({ tx, held, nodes: new Map(divisions), mode: modeOf(held), later, now }, envelopes, resume);
    for (const each of later) await each();
    const place = { incarnation, ...read.end };
    if (envelopes.length > 0) await settle(tx, held, place, now);
    return { place, fresh: envelopes.length, byKind: countKinds(envelopes) };
  });
}

async function heldOf(tx: Transaction, from: Pick<Speaker, 'node' | 'serial'>, incarnation: string): Promise<FederatedNode> {
  const held = await lockSpeaker(tx, from);
  if (held.incarnation !== incarnation) throw new Refusal('hello-needed', 'this incarnation was not introduced: say hello first');
  return held;
}

const modeOf = ({ behindUntil, sequence }: FederatedNode) => (behindUntil !== null && sequence < behindUntil ? 'behind' : 'live');

async function settle(tx: Transaction, held: FederatedNode, place: LogPlace, now: number): Promise<void> {
  await savePlace(tx, held.node, place, now);
  await settlePlace(tx, held, place.sequence, now);
}

// Lines of one kind that follow each other are taken in together: a statement for each would be a hundred times as slow.
async function applyRuns(context: ApplyContext, envelopes: readonly Envelope[], resume: LogPlace): Promise<void> {
  for (let place = 0; place < envelopes.length; ) {
    const kind = envelopes[place]?.kind;
    let next = place;
    while (next < envelopes.length && envelopes[next]?.kind === kind) next += 1;
    await applyRun(context, envelopes.slice(place, next), resume);
    place = next;
  }
}

async function applyRun(context: ApplyContext, run: readonly Envelope[], resume: LogPlace): Promise<void> {
  const [first] = run;
  if (first === undefined) return;
  const scope = scopeOf(context.held.node, context.nodes);
  for (const envelope of run) {
    const fault = misplaced(envelope) ?? outOfScope(scope, envelope) ?? unsound(envelope, context.now);
    if (fault !== null) throw new Refusal(fault.code, fault.detail, { resume, sequence: envelope.sequence });
  }
  // A run is of one kind, which TypeScript cannot follow through the index.
  const apply = APPLIERS[first.kind] as (context: ApplyContext, run: readonly Envelope[]) => Promise<void>;
  await apply(context, run).catch((error: unknown) => {
    if (error instanceof Refusal) throw new Refusal(error.code, error.message, { resume, ...error.facts });
    // Of many lines together nobody can say which one it is.
    if (isUnstorableData(error))
      throw new Refusal('envelope-invalid', UNSTORABLE, { resume, sequence: run.length === 1 ? first.sequence : null });
    if (!(error instanceof NotApplicable)) throw error;
    throw new Refusal(error.code, error.message, { resume, sequence: run[error.index]?.sequence });
  });
}

// The first line says whose log it is, and no other does.
function misplaced({ sequence, kind }: Envelope): Fault | null {
  if ((sequence === 1) === (kind === 'incarnation')) return null;
  return { code: 'envelope-invalid', detail: 'the first line of a log, and no other, is of the kind incarnation' };
}

function countKinds(envelopes: readonly Envelope[]): Map<Envelope['kind'], number> {
  const counts = new Map<Envelope['kind'], number>();
  for (const { kind } of envelopes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
