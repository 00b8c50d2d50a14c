/** Takes in a batch of a node's log: whole or not at all, exactly once, in order. */
import {
  type Envelope,
  type FederationCode,
  type InventoryPayload,
  type LogPlace,
  NO_HASH,
  type TransitionPayload,
} from '@beacontower/contracts';
import {
  type ApplyMode,
  applyToldTransitions,
  applyToldVersions,
  type Database,
  type FederatedNode,
  lockFederatedNode,
  reviseTransitions,
  savePlace,
  settlePlace,
  type Transaction,
  transitionTold,
} from '@beacontower/database';
import { readBatch } from '../protocol/chain.ts';
import { Refusal } from '../protocol/refusal.ts';
import { type NodeScope, outOfScope, readNodeScope } from './scope.ts';

/** What became of a batch. */
export interface AppliedBatch {
  readonly place: LogPlace;
  /** Lines that were not known before. */
  readonly fresh: number;
  readonly byKind: ReadonlyMap<Envelope['kind'], number>;
}

/** Takes in `text`, lines of the log of `node` in `incarnation`. Throws a `Refusal`; then nothing of it is in the record. */
export function applyBatch(database: Database, node: string, incarnation: string, text: string, now: number): Promise<AppliedBatch> {
  return database.transaction(async (tx) => {
    const held = await lockFederatedNode(tx, node);
    if (held === null || held.removedAt !== null) throw new Refusal('certificate-foreign', `${node} is not enrolled here`);
    if (held.incarnation !== incarnation) throw new Refusal('hello-needed', 'this incarnation was not introduced: say hello first');
    const end = { sequence: held.sequence, hash: held.hash ?? NO_HASH };
    const read = readBatch(text, end);
    const resume = { incarnation, ...end };
    if (!read.ok) throw new Refusal(read.code, read.detail, { resume, sequence: read.sequence });
    const envelopes = read.fresh.map(({ envelope }) => envelope);
    const scope = await readNodeScope(tx, held);
    for (const envelope of envelopes) refuse(envelope, outOfScope(scope, envelope), resume);
    const late = envelopes.find(({ eventAt }) => eventAt > now + FUTURE_MS);
    if (late !== undefined)
      throw new Refusal('event-in-future', `line ${late.sequence} tells of a time to come`, { resume, sequence: late.sequence });
    await applyAll(tx, held, envelopes, scope, now);
    const place = { incarnation, ...read.end };
    await savePlace(tx, node, place, now);
    await settlePlace(tx, held, place.sequence, now);
    return { place, fresh: envelopes.length, byKind: countKinds(envelopes) };
  });
}

/** Clocks of two nodes differ a little. */
const FUTURE_MS = 60_000;

function refuse({ sequence }: Envelope, fault: { readonly code: FederationCode; readonly detail: string } | null, resume: LogPlace): void {
  if (fault !== null) throw new Refusal(fault.code, fault.detail, { resume, sequence });
}

// Lines of one kind that follow each other are taken in together: a statement for each would be a hundred times as slow.
async function applyAll(
  tx: Transaction,
  held: FederatedNode,
  envelopes: readonly Envelope[],
  scope: NodeScope,
  now: number,
): Promise<void> {
  const mode: ApplyMode = held.behindUntil !== null && held.sequence < held.behindUntil ? 'behind' : 'live';
  for (let place = 0; place < envelopes.length; ) {
    const kind = envelopes[place]?.kind;
    let next = place;
    while (next < envelopes.length && envelopes[next]?.kind === kind) next += 1;
    await applyRun(tx, held, envelopes.slice(place, next), { mode, scope, now });
    place = next;
  }
}

async function applyRun(
  tx: Transaction,
  { node }: FederatedNode,
  run: readonly Envelope[],
  { mode, now }: { readonly mode: ApplyMode; readonly scope: NodeScope; readonly now: number },
): Promise<void> {
  const transitions: TransitionPayload[] = [];
  const versions: InventoryPayload[] = [];
  for (const envelope of run) {
    if (envelope.kind === 'transition') transitions.push(envelope.payload);
    else if (envelope.kind === 'inventory') versions.push(envelope.payload);
    else if (envelope.kind === 'revision') {
      const { object, check, from, to, resolutionMs, transitions: told } = envelope.payload;
      await reviseTransitions(
        tx,
        [{ objectId: object, check, from, to, resolutionMs, epoch: 0, transitions: told.map(transitionTold) }],
        now,
      );
    }
  }
  await applyToldTransitions(tx, transitions, mode, now);
  await applyToldVersions(tx, versions, { node, now });
}

function countKinds(envelopes: readonly Envelope[]): Map<Envelope['kind'], number> {
  const counts = new Map<Envelope['kind'], number>();
  for (const { kind } of envelopes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
