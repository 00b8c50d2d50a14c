/** What lines say of a subject, as the record takes it in. */
import type { RevisionPayload, TransitionPayload } from '@beacontower/contracts';
import { keepKnown, type Transition } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import type { Revision } from '../record/revise.ts';
import { readTransitions } from '../record/transitions.ts';

/** How present states are kept while the log is applied: `live` tells each, `behind` leaves them to the snapshot and tells only what was revised. */
export type ApplyMode = 'live' | 'behind';

/** A change as lines say it, as the domain has it. */
export function transitionTold({
  from,
  to,
  at,
  earliest,
  latest,
  reason,
  decidedAt,
}: Omit<TransitionPayload, 'object' | 'check' | 'resolutionMs'>): Transition {
  return { from, to, edge: { at, earliest, latest }, reason, decidedAt };
}

/** A told revision as the record takes it in: what was known before `keptUntil` is not taken away by "unknown". */
export async function revisionKept(
  tx: Queryable,
  { object, check, from, to, resolutionMs, transitions }: RevisionPayload,
  { mode, keptUntil }: { readonly mode: ApplyMode; readonly keptUntil: number | null },
): Promise<Revision> {
  const told = transitions.map(transitionTold);
  const head = { objectId: object, check, from, to, resolutionMs, epoch: 0 };
  const present = mode === 'behind' ? { silent: true as const, keepsPresent: true as const } : {};
  if (keptUntil === null || from >= keptUntil) return { ...head, ...present, transitions: told };
  const subject = check ?? object;
  const known = (await readTransitions(tx, [subject], from, to ?? Number.MAX_SAFE_INTEGER)).get(subject) ?? [];
  const recorded = known.filter(({ edge }) => edge.at >= from && (to === null || edge.at < to));
  const before = known.findLast(({ edge }) => edge.at < from)?.to ?? known[0]?.from ?? 'unknown';
  return { ...head, ...present, transitions: keepKnown({ from, to, told, recorded, before, keptUntil }) };
}
