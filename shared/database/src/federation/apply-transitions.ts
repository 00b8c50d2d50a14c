/** Transitions that another node told: taken in set by set, each once, whatever their order against what is known already. */
import type { TransitionPayload } from '@beacontower/contracts';
import { forgetAccounts } from '../accounting/forget.ts';
import { appendLog, type NewLogEntry } from '../log.ts';
import type { Queryable } from '../pool.ts';
import { reviseTransitions } from '../record/revise.ts';
import { insertTransitions, type NewTransition, readTransitions, stateEntry, upsertCurrentStates } from '../record/transitions.ts';
import { assertObjectsKnown } from './known-objects.ts';
import { type ApplyMode, revisionKept, transitionTold } from './told.ts';

/** What became of told transitions. */
export interface AppliedTransitions {
  readonly written: number;
  /** Known already: a revision had told them. */
  readonly known: number;
  /** Not the newest of their subject: put in its place in the past. */
  readonly late: number;
}

/** How told transitions are taken in. */
export interface ApplyingTransitions {
  readonly mode: ApplyMode;
  /** What was told of the time before this moment is not taken away by "unknown" (decision 0026); null: nothing was. */
  readonly keptUntil: number | null;
  readonly now: number;
}

/**
 * Records transitions of another node's objects in the caller's transaction, in the order in which they were told. What is after all
 * that is known of its subject is appended; what is known is passed over; what lies before something known becomes a revision of that moment.
 */
export async function applyToldTransitions(
  tx: Queryable,
  told: readonly TransitionPayload[],
  applying: ApplyingTransitions,
): Promise<AppliedTransitions> {
  if (told.length === 0) return { written: 0, known: 0, late: 0 };
  const known = await readKnownFrom(tx, told);
  // A subject that has a record has an object.
  const isNew = (index: number) => !known.has(subjectOf(told[index] as TransitionPayload));
  await assertObjectsKnown(
    tx,
    told.map(({ object }) => object),
    isNew,
  );
  const appended: TransitionPayload[] = [];
  const late: TransitionPayload[] = [];
  const forgotten: TransitionPayload[] = [];
  const { keptUntil } = applying;
  for (const each of told) {
    const key = subjectOf(each);
    const subject = known.get(key);
    if (subject === undefined) {
      known.set(key, { last: each.at, said: null, fresh: [each] });
      appended.push(each);
      continue;
    }
    if (each.at <= subject.last && isKnown(subject, each)) continue;
    subject.fresh.push(each);
    if (keptUntil !== null && each.to === 'unknown' && each.at < keptUntil) forgotten.push(each);
    else if (each.at >= subject.last) {
      subject.last = each.at;
      appended.push(each);
    } else late.push(each);
  }
  await appendTransitions(tx, appended, applying.mode === 'live' ? 'told' : 'left', applying.now);
  await putBefore(tx, late, applying);
  if (keptUntil !== null) await forget(tx, forgotten, keptUntil, applying);
  return {
    written: appended.length + late.length + forgotten.length,
    known: told.length - appended.length - late.length - forgotten.length,
    late: late.length,
  };
}

interface KnownOfSubject {
  /** Moment of the last transition in force. */
  last: number;
  /** What is in force from the first told moment on; null: nothing. */
  said: Set<string> | null;
  /** What was told before in this set. */
  readonly fresh: TransitionPayload[];
}

function isKnown({ said, fresh }: KnownOfSubject, told: TransitionPayload): boolean {
  const saying = sayingOf(told);
  return said?.has(saying) === true || fresh.some((each) => sayingOf(each) === saying);
}

const subjectOf = ({ check, object }: TransitionPayload): string => check ?? object;
const sayingOf = ({
  at,
  from,
  to,
  earliest,
  latest,
  reason,
}: Omit<TransitionPayload, 'decidedAt' | 'object' | 'check' | 'resolutionMs'>): string =>
  `${at} ${from} ${to} ${earliest} ${latest} ${reason}`;

async function readKnownFrom(tx: Queryable, told: readonly TransitionPayload[]): Promise<Map<string, KnownOfSubject>> {
  const first = new Map<string, number>();
  for (const each of told) first.set(subjectOf(each), Math.min(each.at, first.get(subjectOf(each)) ?? each.at));
  const { rows } = await tx.query<{ subject: string; last: number }>(
    `SELECT s.subject, t.at AS last FROM unnest($1::text[]) AS s (subject), LATERAL (
       SELECT at FROM transitions WHERE transitions.subject = s.subject AND superseded_at IS NULL ORDER BY at DESC LIMIT 1) AS t`,
    [[...first.keys()]],
  );
  const known = new Map(rows.map(({ subject, last }): [string, KnownOfSubject] => [subject, { last, said: null, fresh: [] }]));
  // Most lines tell of what comes after all that is known: of the others alone it is looked up what was said.
  const again = [...known].filter(([subject, { last }]) => (first.get(subject) ?? 0) <= last).map(([subject]) => subject);
  if (again.length > 0) await readSaid(tx, again, first, known);
  return known;
}

async function readSaid(
  tx: Queryable,
  subjects: readonly string[],
  first: ReadonlyMap<string, number>,
  known: ReadonlyMap<string, KnownOfSubject>,
): Promise<void> {
  const { rows } = await tx.query<{ subject: string } & { readonly [K in keyof TransitionPayload]: never }>(
    `SELECT t.subject, t.at, t.from_state AS from, t.to_state AS to, t.earliest, t.latest, t.reason
     FROM unnest($1::text[], $2::bigint[]) AS s (subject, first) JOIN transitions t ON t.subject = s.subject AND t.superseded_at IS NULL AND t.at >= s.first`,
    [subjects, subjects.map((subject) => first.get(subject) ?? 0)],
  );
  for (const row of rows) {
    const subject = known.get(row.subject);
    if (subject === undefined) continue;
    subject.said ??= new Set();
    subject.said.add(sayingOf(row));
  }
}

/** What becomes of present states: each change is told as one, or they are brought to the last without a word about those between, or left. */
export type PresentStates = 'told' | 'brought' | 'left';

/** Writes transitions that come after all that is known of their subjects. */
export async function appendTransitions(
  tx: Queryable,
  told: readonly TransitionPayload[],
  present: PresentStates,
  now: number,
): Promise<void> {
  if (told.length === 0) return;
  const items = told.map(itemOf);
  const ids = await insertTransitions(tx, items, now);
  if (present !== 'left') await upsertCurrentStates(tx, items, ids);
  const spans = spansOf(items);
  await forgetAccounts(
    tx,
    [...spans].map(([objectId, span]) => ({ objectId, from: span.from, to: null, exact: span.exact })),
  );
  // What is left to the snapshot is told once the log has caught up (snapshot.ts).
  if (present === 'left') return;
  const entries = present === 'told' ? items.map((item, index) => stateEntry(item, ids[index] as number)) : revisedEntries(spans);
  await appendLog(tx, entries, now);
}

interface Span {
  readonly from: number;
  readonly exact: boolean;
  readonly count: number;
}

/** From where on each object is another. Nothing that comes before reaches into it unless the object was down. */
function spansOf(items: readonly NewTransition[]): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const { objectId, check, transition } of items) {
    if (check !== null) continue;
    const before = spans.get(objectId);
    const from = Math.min(before?.from ?? transition.edge.earliest, transition.edge.earliest);
    spans.set(objectId, { from, exact: before?.exact ?? transition.from !== 'down', count: (before?.count ?? 0) + 1 });
  }
  return spans;
}

function revisedEntries(spans: ReadonlyMap<string, Span>): NewLogEntry[] {
  return [...spans].map(([object, { from, count }]) => ({
    kind: 'revised',
    subject: object,
    body: { object, from, to: null, superseded: 0, written: count },
    eventAt: from,
  }));
}

// Few: what was told late below is told late here. Changes of one moment stand together, in the order in which they were told.
async function putBefore(tx: Queryable, told: readonly TransitionPayload[], { mode, now }: ApplyingTransitions): Promise<void> {
  const groups = new Map<string, TransitionPayload[]>();
  for (const each of told) {
    const key = `${each.at} ${subjectOf(each)}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { at, object, check, resolutionMs } = first;
    const subject = subjectOf(first);
    const there = (await readTransitions(tx, [subject], at, at + 1)).get(subject) ?? [];
    const transitions = [...there.filter(({ edge }) => edge.at === at), ...group.map((each) => itemOf(each).transition)];
    const head = { objectId: object, check, from: at, to: at + 1, transitions, resolutionMs, epoch: 0, silent: true as const };
    await reviseTransitions(tx, [mode === 'behind' ? { ...head, keepsPresent: true } : head], now);
  }
}

// "Unknown" from a moment on that was known once: what is on record stays, and ends where the record does.
async function forget(
  tx: Queryable,
  told: readonly TransitionPayload[],
  keptUntil: number,
  { mode, now }: ApplyingTransitions,
): Promise<void> {
  for (const { object, check, resolutionMs, ...said } of told) {
    const revision = { object, check, resolutionMs, from: said.at, to: keptUntil + 1, transitions: [said] };
    await reviseTransitions(tx, [await revisionKept(tx, revision, { mode, keptUntil })], now);
  }
}

function itemOf({ object, check, resolutionMs, ...said }: TransitionPayload): NewTransition {
  return { objectId: object, check, transition: transitionTold(said), resolutionMs, epoch: 0, told: true };
}
