/** Outages as wholes, of systems that keep no transitions. */
import type { OutagePayload } from '@beacontower/contracts';
import type { Transition } from '@beacontower/domain';
import type { z } from 'zod';
import { reviseTransitions } from '../record/revise.ts';
import { readTransitions } from '../record/transitions.ts';
import type { ApplyContext } from './apply-context.ts';

type Outage = z.infer<typeof OutagePayload>;

/**
 * Makes the object down from the beginning of the outage to its end, up before and after. An outage that reaches into one that is on
 * record is that one, as it is known now: first told open, later with its end, or with a better beginning.
 */
export async function applyOutage(
  { tx, held, mode, now }: ApplyContext,
  { object, began, ended, resolutionMs }: Outage,
  decidedAt: number,
): Promise<void> {
  const until = ended?.at ?? null;
  const known = (await readTransitions(tx, [object], began.at, Number.MAX_SAFE_INTEGER)).get(object) ?? [];
  const span = spanOf(known, began.at, until);
  if (isForgetful(known, span, { keptUntil: held.keptUntil, decidedAt })) return;
  const change = (from: Transition['from'], to: Transition['to'], edge: Transition['edge']): Transition => {
    return { from, to, edge: { at: edge.at, earliest: edge.earliest, latest: edge.latest }, reason: 'reported', decidedAt };
  };
  // One that begins where another ends goes on from it.
  const transitions = span.before === 'down' ? [] : [change(span.before, 'down', began)];
  if (ended !== null) transitions.push(change('down', 'up', ended));
  const present = mode === 'behind' ? { silent: true as const, keepsPresent: true as const } : {};
  const head = { objectId: object, check: null, resolutionMs, epoch: 0 };
  await reviseTransitions(tx, [{ ...head, from: span.from, to: span.to, transitions, ...present }], now);
}

interface OutageSpan {
  readonly from: number;
  readonly to: number | null;
  /** The state on record just before it. */
  readonly before: Transition['from'];
}

/** The stretch of the record that the outage takes the place of: its own, and that of the outage on record that it is part of. */
function spanOf(known: readonly Transition[], began: number, ended: number | null): OutageSpan {
  const last = known.findLast(({ edge }) => edge.at < began);
  const isSame = last?.to === 'down' && !known.some(({ edge, to }) => edge.at === began && to !== 'down');
  const begins = isSame ? last.edge.at : began;
  const before = isSame ? last.from : (last?.to ?? known[0]?.from ?? 'up');
  if (ended === null) return { from: begins, to: null, before };
  // What went on beyond this end was told otherwise before.
  const within = known.findLast(({ edge }) => edge.at <= ended);
  const next = known.find(({ edge }) => edge.at > ended);
  const end = within?.to === 'down' && next !== undefined ? next.edge.at : ended;
  return { from: begins, to: end + 1, before };
}

/**
 * Whether it was said before something on record that it would take away, and that was told before the sender went on from a back-up: the
 * back-up does not know of it. An outage that is open there may long be over.
 */
function isForgetful(
  known: readonly Transition[],
  { from, to }: OutageSpan,
  { keptUntil, decidedAt }: { readonly keptUntil: number | null; readonly decidedAt: number },
): boolean {
  if (keptUntil === null) return false;
  const end = Math.min(to ?? keptUntil, keptUntil);
  return known.some((each) => each.edge.at >= from && each.edge.at < end && each.decidedAt > decidedAt);
}

/**
 * Ends, where what the log before told ends, the outages that were open then and that the back-up the sender went on from does not know of
 * (told after `knownUntil`; null: it knows of none): nobody there would ever tell their end. One that does go on is told again by the sender.
 */
export async function endForgotten({ tx, held, nodes, mode, now }: ApplyContext, knownUntil: number | null): Promise<void> {
  const { keptUntil } = held;
  if (keptUntil === null) return;
  const { rows } = await tx.query<{ id: string; resolution: number; decided: number }>(
    `SELECT i.id, t.resolution_ms AS resolution, t.decided_at AS decided FROM inventory i, LATERAL (
       SELECT to_state, at, decided_at, resolution_ms FROM transitions WHERE subject = i.id AND superseded_at IS NULL ORDER BY at DESC, id DESC LIMIT 1) AS t
     WHERE i.entity = 'object' AND i.remote = ANY ($1) AND i.superseded_at IS NULL AND i.valid_to IS NULL
       AND t.to_state = 'down' AND t.at < $2 AND ($3::bigint IS NULL OR t.decided_at > $3)`,
    [[...nodes.keys()], keptUntil, knownUntil],
  );
  const edge = { at: keptUntil, earliest: keptUntil, latest: keptUntil };
  const present = mode === 'behind' ? { silent: true as const, keepsPresent: true as const } : {};
  const revisions = rows.map(({ id, resolution, decided }) => ({
    ...{ objectId: id, check: null, from: keptUntil, to: keptUntil + 1, resolutionMs: resolution, epoch: 0 },
    transitions: [{ from: 'down' as const, to: 'up' as const, edge, reason: 'reported' as const, decidedAt: decided }],
    ...present,
  }));
  await reviseTransitions(tx, revisions, now);
}

/**
 * A system that tells outages alone means that its objects are up otherwise: from their beginning on, so that one that was never down is not
 * unknown for ever.
 */
export async function assumeUp(
  tx: ApplyContext['tx'],
  objects: readonly { readonly id: string; readonly from: number }[],
  now: number,
): Promise<void> {
  const { rows } = await tx.query<{ id: string; from: number }>(
    `SELECT n.id, n.begins AS from FROM unnest($1::text[], $2::bigint[]) AS n (id, begins)
     WHERE NOT EXISTS (SELECT FROM transitions t WHERE t.subject = n.id AND t.superseded_at IS NULL)`,
    [objects.map(({ id }) => id), objects.map(({ from }) => from)],
  );
  await reviseTransitions(
    tx,
    rows.map(({ id, from }) => ({
      objectId: id,
      check: null,
      from,
      to: from + 1,
      transitions: [{ from: 'unknown', to: 'up', edge: { at: from, earliest: from, latest: from }, reason: 'reported', decidedAt: from }],
      resolutionMs: 0,
      epoch: 0,
    })),
    now,
  );
}
