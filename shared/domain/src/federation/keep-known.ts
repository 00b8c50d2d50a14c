import type { State, Transition } from '../state.ts';

/** What a node says of a subject over `[from, to)`, beside what is on record here. Times are epoch ms. */
export interface ToldOver {
  readonly from: number;
  readonly to: number | null;
  /** In the order of their edges, every `at` in `[from, to)`. */
  readonly told: readonly Transition[];
  /** On record here, in order: those in `[from, to)`. */
  readonly recorded: readonly Transition[];
  /** The state on record just before `from`. */
  readonly before: State;
  /** What was told of the time before this moment was known. */
  readonly keptUntil: number;
}

/**
 * What is to be on record: what is told, save that "unknown" before `keptUntil` takes nothing away. A node that went on from a back-up
 * has forgotten what it told since that was made; nobody here has.
 */
export function keepKnown({ from, to, told, recorded, before, keptUntil }: ToldOver): Transition[] {
  const kept: Transition[] = [];
  let state = told[0]?.from === 'unknown' && from < keptUntil ? before : (told[0]?.from ?? before);
  let place = from;
  const changeTo = (next: State, as: Transition) => {
    if (next !== state) kept.push({ ...as, from: state, to: next });
    state = next;
  };
  /** Over a stretch of which nothing is known there: what is on record until `keptUntil`, unknown after it. */
  const hole = (end: number, as: Transition | undefined) => {
    const known = Math.min(end, keptUntil);
    for (const each of recorded) if (each.edge.at >= place && each.edge.at < known) changeTo(each.to, each);
    if (known >= end || as === undefined) return;
    changeTo('unknown', { ...as, edge: { at: known, earliest: known, latest: known } });
  };
  const ends = [...told.slice(1).map(({ edge }) => edge.at), to ?? Number.POSITIVE_INFINITY];
  const [first] = told;
  // Nothing at all is said, of what was not known before either: it is unknown all over.
  if (first === undefined && before === 'unknown' && from < keptUntil) hole(to ?? Number.POSITIVE_INFINITY, notLookedAt(keptUntil));
  if (first?.from === 'unknown' && from < keptUntil) hole(first.edge.at, { ...first, to: 'unknown', reason: 'not-looked-at' });
  for (const [index, each] of told.entries()) {
    const { at } = each.edge;
    const end = ends[index] ?? Number.POSITIVE_INFINITY;
    place = at;
    // "Unknown" without length says that an edge is open, not that nobody looked.
    if (each.to !== 'unknown' || at >= keptUntil || end === at) {
      if (state !== each.to || each.from === each.to) kept.push({ ...each, from: state });
      state = each.to;
      continue;
    }
    const now = stateBefore(recorded, before, at);
    changeTo(now, now === 'unknown' ? each : { ...each, reason: 'reported' });
    hole(end, each);
  }
  return kept;
}

function notLookedAt(at: number): Transition {
  return { from: 'unknown', to: 'unknown', edge: { at, earliest: at, latest: at }, reason: 'not-looked-at', decidedAt: at };
}

function stateBefore(recorded: readonly Transition[], before: State, at: number): State {
  let state = before;
  for (const { edge, to } of recorded) if (edge.at < at) state = to;
  return state;
}
