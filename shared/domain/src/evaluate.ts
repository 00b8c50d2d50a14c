import type { JudgingPolicy } from './inventory.ts';
import { type Edge, edgeBetween, exactEdge, type Reason, type State, type Transition } from './state.ts';

/** One look at one check. Times are epoch ms; see `ObservationBatch` in contracts for how `first` and `last` are bounded. */
export interface Observation {
  /** When the look began; orders the looks of a check. */
  readonly at: number;
  /** The tick it was taken for, or null for an extra look between ticks. */
  readonly tick: number | null;
  readonly verdict: 'up' | 'degraded' | 'down';
  /** The collector looked again within the round and saw the same, or had no need to. */
  readonly confirmed: boolean;
  /** Latest moment at which the first evidence of the verdict was there. */
  readonly first: number;
  /** Earliest moment at which the last evidence of the verdict was there. */
  readonly last: number;
  /** When the first evidence is taken to have been there, for the estimate alone; `first` where nobody says so. */
  readonly began?: number | undefined;
  /** Why the verdict is what it is, where the collector knows more than the verdict says. */
  readonly reason?: Reason | undefined;
}

/** A run of like observations that contradict what is said: how many, and the bounds of its beginning. Gone once it is said. */
export interface Run {
  readonly count: number;
  readonly confirmed: number;
  /** Latest moment of the run's first evidence. */
  readonly first: number;
  /** When that evidence is taken to have been there. */
  readonly began: number;
  /** Earliest moment of the last evidence to the contrary before the run, or null when there was none. */
  readonly after: number | null;
}

/** No run is under way. */
export const NO_RUN: Run = { count: 0, confirmed: 0, first: 0, began: 0, after: null };

/** Everything remembered of one check between observations. A plain value: it is snapshotted as it is. */
export interface CheckState {
  readonly state: State;
  /** `at` of the last observation; 0 before the first. */
  readonly lastAt: number;
  /** The tick (or the moment of an extra look) up to which the check has been looked at; 0 before the first. */
  readonly lookedTick: number;
  /** Earliest moment of the last evidence of serving / of not serving. */
  readonly lastGood: number | null;
  readonly lastBad: number | null;
  readonly bad: Run;
  readonly good: Run;
  /** Run of rounds with loss above the limit while degraded is not said, or without while it is. */
  readonly level: Run;
}

/** A check nobody has looked at yet. */
export const INITIAL_CHECK_STATE: CheckState = {
  state: 'unknown',
  lastAt: 0,
  lookedTick: 0,
  lastGood: null,
  lastBad: null,
  bad: NO_RUN,
  good: NO_RUN,
  level: NO_RUN,
};

/** What became of an observation or a closed tick. `stale` observations change nothing: a replay or an overtaken round. */
export interface Evaluation {
  readonly state: CheckState;
  readonly transition: Transition | null;
  readonly stale: boolean;
}

/** Judges one observation. Hysteresis decides when a change is said; its edge is dated back to the run that shows it. */
export function evaluateObservation(before: CheckState, observation: Observation, policy: JudgingPolicy): Evaluation {
  if (observation.at <= before.lastAt) return { state: before, transition: null, stale: true };
  return observation.verdict === 'down' ? evaluateBad(before, observation, policy) : evaluateGood(before, observation, policy);
}

function evaluateBad(before: CheckState, seen: Observation, policy: JudgingPolicy): Evaluation {
  const looked: CheckState = { ...before, ...lookedAt(before, seen), lastBad: seen.last, bad: NO_RUN, good: NO_RUN, level: NO_RUN };
  if (before.state === 'down') return unchanged(looked);
  const bad = extend(before.bad, seen, before.lastGood);
  const believed = bad.confirmed >= policy.downAfter || bad.count >= policy.unconfirmedDownAfter;
  if (!believed) return unchanged({ ...looked, bad });
  return changed(looked, 'down', entering(before.state, bad), seen.reason ?? 'no-reply', seen);
}

function evaluateGood(before: CheckState, seen: Observation, policy: JudgingPolicy): Evaluation {
  if (seen.verdict === before.state) return unchanged(stillSo(before, seen));
  const looked: CheckState = { ...before, ...lookedAt(before, seen), lastGood: seen.last, good: NO_RUN, bad: NO_RUN };
  if (before.state === 'unknown') {
    const [to, reason] = serving(seen, policy, before.lastAt === 0 ? 'first-observation' : 'replied');
    return changed({ ...looked, level: NO_RUN }, to, exactEdge(seen.first), reason, seen);
  }
  if (before.state === 'down') {
    const good = extend(before.good, seen, before.lastBad);
    if (good.count < policy.upAfter) return unchanged({ ...looked, good });
    const [to, reason] = serving(seen, policy, 'replied');
    return changed({ ...looked, level: NO_RUN }, to, entering('down', good), reason, seen);
  }
  return evaluateLevel(before, looked, seen, policy);
}

/** What a check that did not serve becomes: degraded at once only where one such look is enough, and else up, for no reason of that look. */
function serving(seen: Observation, policy: JudgingPolicy, usual: Reason): ['up' | 'degraded', Reason] {
  if (seen.verdict !== 'degraded') return ['up', seen.reason ?? usual];
  return policy.degradedAfter > 1 ? ['up', usual] : ['degraded', seen.reason ?? 'loss-above-limit'];
}

/** What is nearly always so: as before. Written out field by field, which costs a fifth of spreading the state before. */
function stillSo({ state, lookedTick, lastBad }: CheckState, seen: Observation): CheckState {
  const looked = Math.max(lookedTick, seen.tick ?? seen.at);
  return { state, lastAt: seen.at, lookedTick: looked, lastGood: seen.last, lastBad, bad: NO_RUN, good: NO_RUN, level: NO_RUN };
}

/** Between up and degraded: only a run of `degradedAfter` rounds on the other side of the limit moves it. */
function evaluateLevel(before: CheckState, looked: CheckState, seen: Observation, policy: JudgingPolicy): Evaluation {
  const level = extend(before.level, seen, before.lastGood);
  if (level.count < policy.degradedAfter) return unchanged({ ...looked, level });
  const reason = seen.reason ?? (seen.verdict === 'degraded' ? 'loss-above-limit' : 'loss-below-limit');
  return changed({ ...looked, level: NO_RUN }, seen.verdict, entering(before.state, level), reason, seen);
}

/**
 * The longest gap between two looks with the same answer that may hide another one, ms: ticks covered by their neighbours, or a run
 * that was not long enough to be believed.
 */
export function resolutionOf({ intervalMs, unknownAfter, unconfirmedDownAfter, upAfter }: JudgingPolicy): number {
  return intervalMs * Math.max(unknownAfter, unconfirmedDownAfter, upAfter);
}

/**
 * Judges that `tick` is over. Up to `unknownAfter - 1` ticks in a row without a look are covered by their neighbours; from
 * then on nobody knows, since the end of what the last look covered (its tick plus one interval).
 */
export function evaluateClosedTick(before: CheckState, tick: number, intervalMs: number, unknownAfter: number, blind: boolean): Evaluation {
  if (before.state === 'unknown' || before.lookedTick >= tick) return unchanged(before);
  const missed = Math.ceil((tick - before.lookedTick) / intervalMs);
  if (missed < unknownAfter) return unchanged(before);
  return loseSight(before, before.lookedTick + intervalMs, tick + intervalMs, blind ? 'vantage-blind' : 'not-looked-at');
}

/**
 * Judges the time that an observation passed over, before it is judged itself; null when nothing follows from it, as is usual.
 *
 * - Ticks without a look: a look at them can only come too late, and whether they were missed must not hang on whether this look comes
 *   before they are closed.
 * - A run that was not believed and that this look ends: looks that differ cover nothing between them, so where ticks without a look
 *   stretched the time between the two that agree beyond the resolution, nobody knows what was between them.
 */
export function evaluatePassedOver(before: CheckState, seen: Observation, policy: JudgingPolicy, blind: boolean): Evaluation | null {
  if (seen.at <= before.lastAt || before.state === 'unknown') return null;
  const { intervalMs, unknownAfter } = policy;
  const tick = seen.tick ?? seen.at;
  // A look ahead of its tick (the scheduler's clock is) ends what the one before it covered.
  const coverEnd = Math.min(before.lookedTick + intervalMs, seen.first);
  const reason = blind ? 'vantage-blind' : 'not-looked-at';
  if (Math.floor((tick - before.lookedTick) / intervalMs) - 1 >= unknownAfter) return loseSight(before, coverEnd, tick, reason);
  const { after } = contradiction(before);
  const agrees = (seen.verdict === 'down') === (before.state === 'down');
  if (after === null || !agrees || tick - after <= resolutionOf(policy)) return null;
  return loseSight(before, coverEnd, tick, reason);
}

function loseSight(before: CheckState, at: number, decidedAt: number, reason: Reason): Evaluation {
  const edge: Edge = { at, earliest: Math.min(lastEvidence(before), at), latest: at };
  const state: CheckState = { ...before, state: 'unknown', bad: NO_RUN, good: NO_RUN, level: NO_RUN, lastGood: null, lastBad: null };
  return { state, transition: { from: before.state, to: 'unknown', edge, reason, decidedAt }, stale: false };
}

/**
 * How long a moved check may go without a look beyond what its old rounds covered: the scheduler sees a change within a second,
 * and rounds under way still follow the old plan.
 */
const MOVE_MS = 3_000;

/**
 * What is remembered of a check whose rounds are taken by another shard from now on (another interval, another zone). Ticks of
 * that shard which are already under way did not look at it: what its old rounds covered stays covered.
 */
export function moveCheck(before: CheckState, from: JudgingPolicy, to: JudgingPolicy): CheckState {
  if (before.lookedTick === 0) return before;
  const kept = from.intervalMs * from.unknownAfter - to.intervalMs * to.unknownAfter;
  return { ...before, lookedTick: before.lookedTick + Math.max(MOVE_MS, kept) };
}

/**
 * What is remembered of a check after the clock stepped back to `tick`: looks of the wrong time must neither make those of the
 * right one stale nor cover ticks to come. What is said stays said; its evidence counts as no later than the step.
 */
export function rewindCheck(before: CheckState, tick: number): CheckState {
  if (before.lastAt <= tick && before.lookedTick <= tick) return before;
  const rewound = (moment: number | null) => (moment === null ? null : Math.min(moment, tick));
  return {
    ...before,
    lastAt: Math.min(before.lastAt, tick),
    lookedTick: Math.min(before.lookedTick, tick),
    lastGood: rewound(before.lastGood),
    lastBad: rewound(before.lastBad),
    bad: NO_RUN,
    good: NO_RUN,
    level: NO_RUN,
  };
}

/** Earliest moment of the last evidence of what is said of the check. What a run that is not believed yet shows speaks against it. */
export function lastEvidence(check: CheckState): number {
  return contradiction(check).after ?? Math.max(check.lastGood ?? 0, check.lastBad ?? 0);
}

/** The run that speaks against what is said, if one is under way. */
function contradiction({ state, bad, good }: CheckState): Run {
  const run = state === 'down' ? good : bad;
  return run.count > 0 ? run : NO_RUN;
}

function extend(run: Run, seen: Observation, after: number | null): Run {
  const confirmed = run.confirmed + (seen.confirmed ? 1 : 0);
  if (run.count > 0) return { ...run, count: run.count + 1, confirmed };
  return { count: 1, confirmed, first: seen.first, began: seen.began ?? seen.first, after };
}

/** From a known state the edge lies between the last contrary evidence and the run's first; from unknown it is the run's first. */
function entering(from: State, run: Run): Edge {
  return from === 'unknown' || run.after === null ? exactEdge(run.first) : edgeBetween(run.after, run.first, run.began);
}

function lookedAt(before: CheckState, seen: Observation): { lastAt: number; lookedTick: number } {
  return { lastAt: seen.at, lookedTick: Math.max(before.lookedTick, seen.tick ?? seen.at) };
}

function unchanged(state: CheckState): Evaluation {
  return { state, transition: null, stale: false };
}

function changed(state: CheckState, to: State, edge: Edge, reason: Reason, seen: Observation): Evaluation {
  return {
    state: { ...state, state: to },
    transition: { from: state.state, to, edge, reason, decidedAt: Math.max(seen.first, seen.last) },
    stale: false,
  };
}
