import { type IcmpPolicy, type Interval, intersect, type Observation, resolutionOf, subtract, union } from '@beacontower/domain';
import { observationsOf } from '@beacontower/service-pipeline';
import type { TrueTime } from './clock.ts';
import { checkId, type Network, type Path } from './network.ts';
import type { Judged } from './observe.ts';
import type { Sight } from './vantage.ts';

/** A look at one check that was believed, with what its probes truly met. */
export interface Look {
  readonly observation: Observation;
  readonly sight: Sight;
  /** Nobody knew what the check was, just before this look. */
  readonly afterUnknown: boolean;
}

/** The looks at each check in the order in which they were judged; such as came too late to count are left out. */
export function looksOf(judged: readonly Judged[]): Map<number, Look[]> {
  const looks = new Map<number, Look[]>();
  const lastAt = new Map<number, number>();
  const unknown = new Set<string>();
  for (const { entry, sights, lost, known } of judged) {
    // What an observation passed over is judged before it is.
    for (const check of lost) unknown.add(check);
    if (entry.type === 'closed' && entry.clockStepBack) for (const [key, at] of lastAt) lastAt.set(key, Math.min(at, entry.toTick));
    if (entry.type === 'observations' && entry.vantage === 'seeing') {
      for (const { key, observation } of observationsOf(entry)) {
        if (!known.has(key) || observation.at <= (lastAt.get(key) ?? 0)) continue;
        lastAt.set(key, observation.at);
        const sight = sights.get(key);
        if (!sight) throw new Error(`check ${key} was observed and never looked at`);
        const list = looks.get(key) ?? [];
        looks.set(key, list);
        list.push({ observation, sight, afterUnknown: list.length === 0 || unknown.has(checkId(key)) });
        unknown.delete(checkId(key));
      }
    }
  }
  return looks;
}

/**
 * The truth about one check at the figure's stated resolution (domain.md: "an outage that began and ended between two good probes
 * can't be seen"). Exactly: while a check is said to serve, a stretch of time in which it truly did not is left out of the truth when
 * it lies wholly between two probes that met an open way, whose looks are at most `resolutionMs` of ticks apart, and between which no
 * run of bad looks was long enough to be believed by the check's own settings. The same holds the other way round for a moment of
 * service between two probes that met a cut while the check is said to be down. Whatever lies in a longer gap stays in the truth:
 * there the record must say that nobody knows.
 */
export function truthAtResolution(path: Path, policy: IcmpPolicy, looks: readonly Look[]): Interval[] {
  const { unseenCuts, unseenService } = unseenSpans(policy, looks);
  const cuts = subtract(union(path.down), union(unseenCuts));
  return union([...cuts, ...union(unseenService)]);
}

interface Unseen {
  readonly unseenCuts: Interval[];
  readonly unseenService: Interval[];
}

// What is said of a check, followed by the documented rule alone (not by the code that is on trial).
function unseenSpans(policy: IcmpPolicy, looks: readonly Look[]): Unseen {
  const result: Unseen = { unseenCuts: [], unseenService: [] };
  let said: 'up' | 'down' | 'unknown' = 'unknown';
  let last: Look | undefined;
  let run: Look[] = [];
  for (const look of looks) {
    if (look.afterUnknown) [said, last, run] = ['unknown', undefined, []];
    const seen = look.observation.verdict === 'down' ? 'down' : 'up';
    if (seen === said) {
      note(result, policy, said, last, look);
      [last, run] = [look, []];
      continue;
    }
    run = run.length > 0 && isDown(run[0] as Look) === isDown(look) ? [...run, look] : [look];
    if (!isBelieved(policy, said, run)) continue;
    said = seen;
    for (const one of run) {
      note(result, policy, said, last !== undefined && isDown(last) === isDown(one) ? last : undefined, one);
      last = one;
    }
    run = [];
  }
  return result;
}

const isDown = (look: Look): boolean => look.observation.verdict === 'down';

function isBelieved(policy: IcmpPolicy, said: 'up' | 'down' | 'unknown', run: readonly Look[]): boolean {
  if (run.length === 0) return false;
  if (!isDown(run[0] as Look)) return said === 'unknown' || run.length >= policy.upAfter;
  const confirmed = run.filter((look) => look.observation.confirmed).length;
  return confirmed >= policy.downAfter || run.length >= policy.unconfirmedDownAfter;
}

function note(unseen: Unseen, policy: IcmpPolicy, said: 'up' | 'down', last: Look | undefined, look: Look): void {
  const spans = said === 'up' ? unseen.unseenCuts : unseen.unseenService;
  const [first, end] = said === 'up' ? (['firstReply', 'lastReply'] as const) : (['firstLoss', 'lastLoss'] as const);
  spans.push({ from: look.sight[first], to: look.sight[end] });
  if (last === undefined) return;
  const apart = tickOf(look) - tickOf(last);
  if (apart <= resolutionOf(policy)) spans.push({ from: last.sight[end], to: look.sight[first] });
}

const tickOf = (look: Look): number => look.observation.tick ?? look.observation.at;

/**
 * The spans (of the record's time) in which the watching leaves open what truly was, explained by nothing but edges and gaps: between
 * two looks that do not agree, and where nobody looked for as long as to know nothing; before the first look and after the last.
 */
export function explainedSpans(policy: IcmpPolicy, looks: readonly Look[], period: Interval, endsUnknown: boolean): Interval[] {
  const spans: Interval[] = [];
  let before = period.from;
  let verdict: boolean | undefined;
  // Bad looks while nobody knows, too few to be believed: nobody knows on.
  let doubted: Look[] = [];
  for (const look of looks) {
    const { first, last } = look.observation;
    if (look.afterUnknown || verdict !== isDown(look) || doubted.length > 0) spans.push({ from: before, to: first });
    if (look.afterUnknown) doubted = [];
    if ((look.afterUnknown || doubted.length > 0) && isDown(look)) doubted.push(look);
    if (!isDown(look) || isBelieved(policy, 'unknown', doubted)) doubted = [];
    if (doubted.length > 0) spans.push({ from: first, to: last });
    before = last;
    verdict = isDown(look);
  }
  if (endsUnknown || looks.length === 0) spans.push({ from: before, to: period.to });
  return intersect(union(spans), [period]);
}

/** What an object made of its checks truly did, by the rule. */
export function combineDown(down: readonly (readonly Interval[])[], needed: number): Interval[] {
  const edges = [...new Set(down.flat().flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const spans: Interval[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const [from, to] = [edges[i] as TrueTime, edges[i + 1] as TrueTime];
    const serving = down.filter((spans) => !spans.some((span) => span.from <= from && span.to >= to)).length;
    if (serving < needed) spans.push({ from, to });
  }
  return union(spans);
}

/** The paths of a network by their key, with the settings of their checks. */
export function pathsOf(network: Network): { readonly path: Path; readonly policy: IcmpPolicy }[] {
  return network.watched.flatMap(({ paths, policy }) => paths.map((path) => ({ path, policy })));
}
