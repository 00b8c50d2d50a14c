import {
  type Account,
  type AggregateKind,
  accountFor,
  aggregate,
  combineTimelines,
  type Interval,
  intersect,
  length,
  subtract,
  type TimelineInput,
  type Transition,
  union,
} from '@beacontower/domain';
import type { WallClock } from './clock.ts';
import { checkId, type Network, type Watched } from './network.ts';
import type { Observed } from './observe.ts';
import { combineDown, explainedSpans, type Look, looksOf, pathsOf, truthAtResolution } from './truth.ts';

/** What came of one network: what is wrong, and what the figures of all networks are made of. */
export interface Outcome {
  readonly seed: number;
  /** In words; empty when the truth lies within every bound. */
  readonly violations: readonly string[];
  /** What is known of edges whose truth can be told, by nothing but which outage they are of. */
  readonly edges: readonly EdgeError[];
  /** Of every object: how wide its bounds are, how wide edges and gaps explain, and what may come on top, ms. */
  readonly widths: readonly Width[];
  readonly objects: number;
  readonly downMs: number;
}

/** How far off an estimate is: beginning or end of an outage of a check, in polling intervals of the check (estimate minus truth). */
export interface EdgeError {
  readonly kind: 'begin' | 'end';
  readonly intervalMs: number;
  readonly error: number;
}

/**
 * `slackMs`: two intervals, since what a late round saw may be judged when its tick is closed already, and the steps of the clocks, since
 * a tick of the scheduler's and a look in Redis's time need not agree near one.
 */
export interface Width {
  readonly widthMs: number;
  readonly explainedMs: number;
  readonly slackMs: number;
}

/** A way to spoil what was recorded, to show that the check finds it. */
export type Spoil = (transitions: readonly Transition[]) => readonly Transition[];

/** One object or composite with its truth, all in the record's time. */
interface Subject {
  readonly id: string;
  readonly input: TimelineInput;
  readonly down: { readonly first: readonly Interval[]; readonly latest: readonly Interval[] };
  readonly explained: readonly Interval[];
  readonly weight: number;
}

/** Holds what was recorded against what truly was. */
export function check(network: Network, observed: Observed, spoil: Spoil = (transitions) => transitions): Outcome {
  const looks = looksOf(observed.judged);
  const period = { from: observed.clock.at(0), to: observed.clock.at(network.spanMs) };
  const truths = new Map(
    pathsOf(network).map(({ path, policy }) => [path.key, truthAtResolution(path, policy, looks.get(path.key) ?? [])]),
  );
  const watched = network.watched.map((each) => watchedSubject(each, { network, observed, looks, truths, period, spoil }));
  const subjects = [...watched, ...compositeSubjects(network, watched, observed.clock, truths)];
  const accounts = subjects.map((subject) => accountFor(subject.input));
  const violations = subjects.flatMap((subject, index) => violationsOf(subject, accounts[index] as Account));
  violations.push(...violationsOfAggregates(subjects, accounts));
  const widths = subjects.map((subject, index) => widthOf(subject, accounts[index] as Account, slackOf(network)));
  violations.push(...subjects.flatMap((subject, index) => violationsOfWidth(subject, widths[index] as Width)));
  return {
    seed: network.seed,
    violations,
    edges: network.clockSteps.length > 0 ? [] : edgeErrors(network, observed, truths, spoil),
    widths,
    objects: subjects.length,
    downMs: accounts.reduce((sum, account) => sum + account.downMs, 0),
  };
}

function widthOf({ input, explained }: Subject, { downMostMs, downLeastMs }: Account, slackMs: number): Width {
  return { widthMs: downMostMs - downLeastMs, explainedMs: length(intersect(union(explained), countedOf(input))), slackMs };
}

function slackOf({ watched, clockSteps, troubles }: Network): number {
  const longest = Math.max(...watched.map(({ policy }) => policy.intervalMs));
  return 2 * longest + [...clockSteps, ...troubles.schedulerSteps].reduce((sum, step) => sum + 2 * Math.abs(step.by), 0);
}

function violationsOfWidth({ id }: Subject, { widthMs, explainedMs, slackMs }: Width): string[] {
  return widthMs <= explainedMs + slackMs ? [] : [`${id}: the bounds are ${widthMs} ms wide; edges and gaps explain ${explainedMs} ms`];
}

interface Context {
  readonly network: Network;
  readonly observed: Observed;
  readonly looks: ReadonlyMap<number, readonly Look[]>;
  readonly truths: ReadonlyMap<number, readonly Interval[]>;
  readonly period: Interval;
  readonly spoil: Spoil;
}

function watchedSubject(watched: Watched, { network, observed, looks, truths, period, spoil }: Context): Subject {
  const { clock, judgedUntil, transitions } = observed;
  const { object, paths, policy, present, work, weight } = watched;
  const wall = (span: Interval): Interval => ({ from: clock.at(span.from), to: clock.at(span.to) });
  const own = spoil(transitions.get(object.id) ?? []);
  const validity = union([wall(present)]);
  const input: TimelineInput = {
    ...period,
    transitions: own,
    validity,
    exclusions: union(work.filter((window) => window.approvedAt <= window.from).map(wall)),
    judgedUntil,
  };
  const down = paths.map((path) => truths.get(path.key) ?? []);
  const explained = paths.flatMap(({ key }) => {
    const checkTransitions = transitions.get(checkId(key)) ?? [];
    const endsUnknown = checkTransitions.at(-1)?.to === 'unknown' || judgedUntil < period.to || present.to < network.spanMs;
    return validity.flatMap((span) => explainedSpans(policy, looks.get(key) ?? [], span, endsUnknown));
  });
  const needed = object.servingRule === 'any' ? 1 : paths.length;
  return { id: object.id, input, down: clock.spans(combineDown(down, needed)), explained, weight };
}

function compositeSubjects(
  network: Network,
  watched: readonly Subject[],
  clock: WallClock,
  truths: ReadonlyMap<number, readonly Interval[]>,
): Subject[] {
  return network.composites.map(({ id, rule, members }) => {
    const parts = members.map((index) => watched[index] as Subject);
    const down = members.map((index) => {
      const { paths, object } = network.watched[index] as Watched;
      return combineDown(
        paths.map((path) => truths.get(path.key) ?? []),
        object.servingRule === 'any' ? 1 : paths.length,
      );
    });
    const needed = rule.require === 'any' ? 1 : rule.require === 'all' ? parts.length : rule.count;
    const [first] = parts as [Subject];
    // While all members are there: what a composite is made of is there as long as it is.
    const validity = parts.reduce<Interval[]>((common, part) => intersect(common, union(part.input.validity)), [first.input]);
    return {
      id,
      input: {
        from: first.input.from,
        to: first.input.to,
        transitions: combineTimelines(
          rule,
          parts.map((part) => part.input.transitions),
        ),
        validity,
        exclusions: [],
        judgedUntil: first.input.judgedUntil,
      },
      down: clock.spans(combineDown(down, needed)),
      explained: parts.flatMap((part) => part.explained),
      weight: 1,
    };
  });
}

function countedOf({ from, to, validity, exclusions }: TimelineInput): Interval[] {
  return subtract(intersect(union(validity), [{ from, to }]), union(exclusions));
}

/** True down time, ms: at its least and its most, which differ only where the clock was set back and a span was lived through twice. */
function trueDownOf({ input, down }: Subject): { least: number; most: number } {
  const counted = countedOf(input);
  const readings = [down.first, down.latest].map((spans) => length(intersect(union(spans), counted)));
  return { least: Math.min(...readings), most: Math.max(...readings) };
}

function violationsOf(subject: Subject, account: Account): string[] {
  const { least, most } = trueDownOf(subject);
  const { upMs, downMs, unknownMs, excludedMs, totalMs, downLeastMs, downMostMs } = account;
  const violations: string[] = [];
  const say = (what: string) =>
    violations.push(`${subject.id}: ${what} (truth ${least}..${most}, bounds ${downLeastMs}..${downMostMs}, down ${downMs} ms)`);
  if (upMs + downMs + unknownMs + excludedMs !== totalMs) say('the four states do not add up');
  if (downLeastMs > most) say(`surely down by ${downLeastMs - most} ms more than it truly was`);
  if (downMostMs < least) say(`at most down by ${least - downMostMs} ms less than it truly was`);
  if (downLeastMs > downMs || downMs > downMostMs) say('the estimate is not within its own bounds');
  return violations;
}

function violationsOfAggregates(subjects: readonly Subject[], accounts: readonly Account[]): string[] {
  const kinds: AggregateKind[] = ['mean', 'time-weighted', 'user-weighted'];
  const members = subjects.map(({ weight }, index) => ({ account: accounts[index] as Account, weight }));
  return kinds.flatMap((kind) => {
    const { lowest, highest } = aggregate(kind, members);
    const [least, most] = (['most', 'least'] as const).map((end) => trueAggregate(kind, subjects, end)) as [number | null, number | null];
    if (lowest === null || highest === null || least === null || most === null) return [];
    const isWithin = lowest <= most + 1e-12 && highest >= least - 1e-12;
    return isWithin ? [] : [`${kind}: ${lowest}..${highest} does not hold ${least}..${most}`];
  });
}

function trueAggregate(kind: AggregateKind, subjects: readonly Subject[], end: 'least' | 'most'): number | null {
  const each = subjects.flatMap((subject) => {
    const counted = length(countedOf(subject.input));
    return counted === 0
      ? []
      : [{ counted, up: counted - trueDownOf(subject)[end], weight: kind === 'user-weighted' ? subject.weight : 1 }];
  });
  const sum = (value: (one: (typeof each)[number]) => number) => each.reduce((total, one) => total + value(one), 0);
  if (each.length === 0) return null;
  if (kind === 'time-weighted') return sum((one) => one.up) / sum((one) => one.counted);
  return sum((one) => (one.weight * one.up) / one.counted) / sum((one) => one.weight);
}

/** Errors of the checks' edges that can be told whose they are: exactly one true edge of the kind within the bounds. */
function edgeErrors(
  network: Network,
  { clock, transitions }: Observed,
  truths: ReadonlyMap<number, readonly Interval[]>,
  spoil: Spoil,
): EdgeError[] {
  const errors: EdgeError[] = [];
  for (const { path, policy } of pathsOf(network)) {
    const { intervalMs } = policy;
    const truth = clock.spans(truths.get(path.key) ?? []).latest;
    for (const { from, to, edge } of spoil(transitions.get(checkId(path.key)) ?? [])) {
      const isEnd = from === 'down' && to !== 'unknown';
      if (from === 'unknown' || to === 'unknown' || (to !== 'down' && !isEnd)) continue;
      const around = intervalMs * 4;
      const near = truth.map((span) => (isEnd ? span.to : span.from)).filter((at) => Math.abs(at - edge.at) <= around);
      const others = truth.map((span) => (isEnd ? span.from : span.to)).filter((at) => Math.abs(at - edge.at) <= around / 4);
      if (near.length !== 1 || others.length > 0) continue;
      errors.push({ kind: isEnd ? 'end' : 'begin', intervalMs, error: (edge.at - (near[0] as number)) / intervalMs });
    }
  }
  return errors;
}
