import type { ParentRule } from '../inventory.ts';
import type { Edge, State, Transition } from '../state.ts';
import { type Slab, sweep } from './sweep.ts';

/**
 * The transitions of a composite from those of its members (each ordered by `edge.at`), on the time axis: at every moment its
 * state is what the rule makes of theirs. Members without transitions are unknown; a composite without members has none, and so
 * is unknown.
 *
 * Every edge's `[earliest, latest]` is the whole stretch around it in which the members' edges leave open what truly holds, so
 * that a true change, whatever the true edges are, lies within one (but where all is unknown anyway). Where such a stretch holds no change by the estimates (two
 * uplinks that may or may not have been down together), a pair of transitions through "unknown" without any length says so: the
 * estimate is as it was, and the bounds of an account take it in. With it the bounds are the tightest there are: `worstSpans` is
 * exactly when the composite may not have served, `surelyDownSpans` when it cannot have.
 */
export function combineTimelines(rule: ParentRule, members: readonly (readonly Transition[])[]): Transition[] {
  if (members.length === 0) return [];
  const slabs = sweep(rule, members);
  const stretches = stretchesOf(slabs);
  const result: Transition[] = [];
  for (const [index, slab] of slabs.entries()) {
    const before = slabs[index - 1];
    if (before && before.state !== slab.state) result.push(change(before, slab, index, stretches));
    for (const stretch of stretches.silent.get(index) ?? []) result.push(...doubt(stretch, slab));
  }
  return result;
}

/** Consecutive slabs that are uncertain, by their numbers, `[first, last]`. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

interface Stretches {
  readonly any: ReadonlyMap<number, Run>;
  readonly service: ReadonlyMap<number, Run>;
  /** By the slab that holds its middle: where it is not sure that it served, and the estimates have no change that says so. */
  readonly silent: ReadonlyMap<number, readonly Run[]>;
}

function stretchesOf(slabs: readonly Slab[]): Stretches {
  const service = runsOf(slabs, (slab) => slab.serviceUncertain);
  const silent = new Map<number, Run[]>();
  for (const run of new Set(service.values())) {
    if (!isSilent(slabs, run)) continue;
    const middle = middleOf(run);
    let holder = run.first;
    while ((slabs[holder] as Slab).to <= middle) holder++;
    silent.set(holder, [...(silent.get(holder) ?? []), run]);
  }
  return { any: runsOf(slabs, (slab) => slab.uncertain), service, silent };
}

function runsOf(slabs: readonly Slab[], wanted: (slab: Slab) => boolean): Map<number, Run> {
  const runs = new Map<number, Run>();
  for (let first = 0; first < slabs.length; first++) {
    if (!wanted(slabs[first] as Slab)) continue;
    let last = first;
    while (slabs[last + 1] && wanted(slabs[last + 1] as Slab)) last++;
    const run = { first, last, from: (slabs[first] as Slab).from, to: (slabs[last] as Slab).to };
    for (let index = first; index <= last; index++) runs.set(index, run);
    first = last;
  }
  return runs;
}

const countsAs = (state: State): State => (state === 'degraded' ? 'up' : state);

/** What is unknown anyway needs no more doubt. */
function isSilent(slabs: readonly Slab[], run: Run): boolean {
  const near = slabs.slice(Math.max(0, run.first - 1), run.last + 2).map(({ state }) => countsAs(state));
  return near[0] !== 'unknown' && near.every((state) => state === near[0]);
}

const middleOf = (run: Run): number => Math.floor((run.from + run.to) / 2);

function change(before: Slab, slab: Slab, index: number, stretches: Stretches): Transition {
  const runs = countsAs(before.state) === countsAs(slab.state) ? stretches.any : stretches.service;
  // As wide as the uncertain stretches that end or begin here, or hold it.
  const near = [runs.get(index - 1), runs.get(index)].filter((run) => run !== undefined);
  const edge: Edge = {
    at: slab.from,
    earliest: Math.min(slab.from, ...near.map(({ from }) => from)),
    latest: Math.max(slab.from, ...near.map(({ to }) => to)),
  };
  return { from: before.state, to: slab.state, edge, ...evidence(slab.here) };
}

function doubt(run: Run, slab: Slab): Transition[] {
  const edge = { at: middleOf(run), earliest: run.from, latest: run.to };
  const said = { edge, reason: 'edges-overlap' as const, decidedAt: evidence(slab.around).decidedAt };
  return [
    { from: slab.state, to: 'unknown', ...said },
    { from: 'unknown', to: slab.state, ...said },
  ];
}

/** The reason is that of the last member to change; the evidence is complete when that of every one is. */
function evidence(transitions: readonly Transition[]): Pick<Transition, 'reason' | 'decidedAt'> {
  return {
    reason: transitions.at(-1)?.reason ?? 'not-looked-at',
    decidedAt: transitions.reduce((latest, { decidedAt }) => Math.max(latest, decidedAt), Number.NEGATIVE_INFINITY),
  };
}
