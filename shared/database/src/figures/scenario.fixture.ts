/** Random histories of a few objects, and what their figures are by the definition alone: no rows, no SQL. */
import type { ObjectiveBody } from '@beacontower/contracts';
import {
  type Account,
  accountFor,
  type Calendar,
  chargeOutages,
  countedSpans,
  divisionCovers,
  edgeBetween,
  type Interval,
  intersect,
  outagesOf,
  STATES,
  type State,
  subtract,
  type Transition,
  union,
} from '@beacontower/domain';
import fc from 'fast-check';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Two months and a bit, with the step of Berlin's clocks (29 March) and of the month in them. */
export const START = Date.parse('2026-02-20T23:00:00Z');
export const END = START + 75 * DAY;

export const DIVISIONS = ['cn.gd', 'cn.gd.gz', 'cn.gx'];
const PARTIES = ['p1', 'p2', null];
export const OFFICE: Calendar = {
  id: 'office',
  week: [...Array.from({ length: 5 }, () => [{ from: 540, to: 1080 }]), [], []],
  dates: [{ date: '2026-04-06', spans: [], name: 'holiday' }],
  knownUntil: null,
};

export interface Version extends Interval {
  readonly division: string;
  readonly party: string | null;
}
export interface Thing {
  readonly id: string;
  readonly weight: number;
  readonly versions: readonly Version[];
  readonly transitions: readonly Transition[];
}
export interface Cover extends Interval {
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
}
export interface Work extends Cover {
  readonly approvedAt: number | null;
  readonly cancelledAt: number | null;
}
export interface Statement extends Cover {
  readonly effect: 'exclude' | 'count' | 'charge';
  readonly party: string | null;
}
export interface Trouble {
  readonly from: number;
  readonly to: number | null;
  readonly party: string | null;
  readonly objects: readonly string[];
}
export interface Scenario {
  readonly things: readonly Thing[];
  readonly works: readonly Work[];
  readonly statements: readonly Statement[];
  readonly troubles: readonly Trouble[];
}

// Whole hours meet midnights and edges of months often; the odd millisecond meets nothing.
const moment = fc
  .tuple(
    fc.integer({ min: -2 * 24, max: 76 * 24 }),
    fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: HOUR - 1 })),
  )
  .map(([hours, more]) => START + hours * HOUR + more);
const ID = ['gd:a', 'gd:b', 'gd:c', 'gd:c/eth0', 'gd:d'];
const stretch = fc
  .tuple(moment, fc.oneof(fc.integer({ min: 1, max: 5 * HOUR }), fc.integer({ min: 1, max: 12 * DAY })))
  .map(([from, length]) => ({ from, to: from + length }));

const width = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 3 * DAY }));
const change = fc.record({ at: moment, width, to: fc.constantFrom<State>(...STATES, 'up', 'down') });

/** Transitions in order from changes at any time; one to the state that holds already is an open edge, a pair without length. */
export function transitionsOf(changes: readonly { at: number; width: number; to: State }[]): Transition[] {
  const result: Transition[] = [];
  let state: State = 'unknown';
  for (const each of [...changes].sort((a, b) => a.at - b.at)) {
    if (result.at(-1)?.edge.at === each.at) continue;
    const edge = { ...edgeBetween(each.at - each.width, each.at + each.width), at: each.at };
    if (each.to === state) {
      if (state === 'unknown') continue;
      result.push({ from: state, to: 'unknown', edge, reason: 'edges-overlap', decidedAt: each.at });
      result.push({ from: 'unknown', to: state, edge, reason: 'edges-overlap', decidedAt: each.at });
      continue;
    }
    result.push({ from: state, to: each.to, edge, reason: 'no-reply', decidedAt: each.at });
    state = each.to;
  }
  return result;
}

const version = fc.record({ division: fc.constantFrom(...DIVISIONS), party: fc.constantFrom(...PARTIES) });
const versions = fc
  .record({
    first: fc.oneof({ weight: 2, arbitrary: fc.constant(START - 10 * DAY) }, moment),
    cuts: fc.array(moment, { maxLength: 2 }),
    gap: fc.boolean(),
    ends: fc.boolean(),
    bodies: fc.array(version, { minLength: 3, maxLength: 3 }),
  })
  .map(({ first, cuts, gap, ends, bodies }): Version[] => {
    const bounds = [first, ...cuts.filter((at) => at > first), Number.MAX_SAFE_INTEGER].sort((a, b) => a - b);
    const spans = bounds
      .slice(1)
      .map((to, index) => ({ ...(bodies[index] as (typeof bodies)[number]), from: bounds[index] as number, to }));
    const kept = spans.filter((span, index) => span.to > span.from && !(gap && index === 1 && spans.length > 2));
    return ends && kept.length > 1 ? kept.slice(0, -1) : kept;
  });

const cover = fc
  .record({ span: stretch, objects: fc.subarray(ID, { maxLength: 2 }), divisions: fc.subarray([...DIVISIONS, ''], { maxLength: 1 }) })
  .map(({ span, objects, divisions }): Cover => ({ ...span, objects, divisions }));
export const work = fc
  .record({ cover, late: fc.boolean(), approved: fc.integer({ min: 0, max: 3 }), cancelled: fc.option(moment) })
  .map(({ cover: of, late, approved, cancelled }): Work => {
    return { ...of, approvedAt: approved === 0 ? null : late ? of.from + 1 : of.from - approved, cancelledAt: cancelled };
  });
export const statement = fc
  .record({ cover, effect: fc.constantFrom('exclude', 'count', 'charge' as const), party: fc.constantFrom('p1', 'p2') })
  .map(
    ({ cover: of, effect, party }): Statement => ({
      ...of,
      effect: effect as Statement['effect'],
      party: effect === 'charge' ? party : null,
    }),
  );
const trouble = fc
  .record({
    span: stretch,
    open: fc.boolean(),
    party: fc.constantFrom(...PARTIES),
    objects: fc.subarray(ID, { minLength: 1, maxLength: 3 }),
  })
  .map(({ span, open, party, objects }): Trouble => ({ from: span.from, to: open ? null : span.to, party, objects }));

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  things: fc
    .array(
      fc.record({ weight: fc.integer({ min: 0, max: 5 }), versions, changes: fc.array(change, { maxLength: 14 }), up: fc.boolean() }),
      {
        minLength: 1,
        maxLength: ID.length,
      },
    )
    .map((all) =>
      all.map(({ weight, versions: of, changes, up }, index): Thing => {
        const first = up ? [{ at: START - 3 * DAY, width: 0, to: 'up' as State }] : [];
        return { id: ID[index] as string, weight, versions: of, transitions: transitionsOf([...first, ...changes]) };
      }),
    ),
  works: fc.array(work, { maxLength: 4 }),
  statements: fc.array(statement, { maxLength: 3 }),
  troubles: fc.array(trouble, { maxLength: 3 }),
});

export const period = fc.oneof(
  fc.tuple(moment, moment).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 })),
  fc.constantFrom(
    { from: Date.parse('2026-02-28T16:00:00Z'), to: Date.parse('2026-04-30T16:00:00Z') },
    { from: Date.parse('2026-02-28T23:00:00Z'), to: Date.parse('2026-03-31T22:00:00Z') },
    { from: START, to: END },
  ),
);

export interface Expected {
  readonly id: string;
  readonly weight: number;
  readonly division: string;
  readonly party: string | null;
  readonly experienced: Account;
  readonly responsible: Account;
}

/** The accounts of the members of an objective over all objects, by the definition. `judgedUntil`: the watermark. */
export function expectedMembers(of: Scenario, span: Interval, objective: ObjectiveBody, watermark: number): Expected[] {
  return of.things.flatMap((thing) => {
    const there = thing.versions.filter((each) => each.from < span.to && each.to > span.from);
    const last = there.at(-1);
    if (last === undefined || thing.id.includes('/')) return [];
    const uncounted = subtract(
      [span],
      countedSpans(objective.calendar === 'office' ? OFFICE : null, objective.timeZone, span.from, span.to),
    );
    const judgedUntil = Math.max(watermark, thing.transitions.at(-1)?.edge.at ?? 0);
    const { transitions, versions: validity } = thing;
    const input = { ...span, transitions, validity, exclusions: exclusions(of, thing), uncounted, judgedUntil };
    const foreign = outagesOf(input).flatMap((outage) => {
      const own = (validity.findLast((each) => each.from <= outage.from) ?? validity[0])?.party ?? null;
      const incidents = of.troubles.flatMap((each, index) =>
        each.objects.includes(thing.id) ? [{ ...each, incident: `i${index}`, cause: each.objects[0] as string }] : [],
      );
      const charges = of.statements.flatMap((each, index) =>
        each.effect === 'charge' && each.party !== null
          ? covered(each, thing).map((part) => ({ ...part, party: each.party as string, reclassification: `r${index}` }))
          : [],
      );
      const [charged] = chargeOutages([outage], incidents, charges, own);
      return charged?.party === own ? [] : [{ from: outage.earliest, to: outage.latest }];
    });
    const responsible = accountFor({ ...input, uncounted: [...uncounted, ...foreign] });
    const { weight, id } = thing;
    return [{ id, weight, division: last.division, party: last.party, experienced: accountFor(input), responsible }];
  });
}

function covered(each: Cover, { id, versions: of }: Thing): Interval[] {
  const named = each.objects.includes(id) || each.objects.includes(id.split('/')[0] as string) || each.divisions.includes('');
  if (named) return [{ from: each.from, to: each.to }];
  const inside = of.filter((one) => each.divisions.some((scope) => divisionCovers(scope, one.division)));
  return intersect(union(inside), [{ from: each.from, to: each.to }]);
}

function exclusions({ works, statements }: Scenario, thing: Thing): Interval[] {
  let spans = union(
    works
      .filter((each) => each.approvedAt !== null && each.approvedAt <= each.from)
      .flatMap((each) => covered({ ...each, to: Math.min(each.to, each.cancelledAt ?? each.to) }, thing)),
  );
  for (const each of statements) {
    if (each.effect === 'exclude') spans = union([...spans, ...covered(each, thing)]);
    if (each.effect === 'count') spans = subtract(spans, covered(each, thing));
  }
  return spans;
}
