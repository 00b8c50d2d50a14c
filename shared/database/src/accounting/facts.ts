/** All that accounts of objects are made of, read in bulk, and what they come to. Pure but for `readFacts`. */
import {
  type Account,
  accountFor,
  type Charge,
  type ChargingIncident,
  chargeOutages,
  type Interval,
  intersect,
  type Outage,
  outagesOf,
  type TimelineInput,
  type Transition,
  union,
} from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { readActivity } from './activity.ts';
import type { CountedTime } from './calendars.ts';
import { readCommissions } from './commissions.ts';
import { type CommissionSpan, coveredSpans, exclusionsOf, readStatements, type Statements } from './coverage.ts';
import { readChargingIncidents } from './incidents.ts';
import type { Judged } from './judged.ts';

/** What is known of one object for a window of time. */
export interface ObjectFacts {
  readonly id: string;
  /** All its versions, in order of time. */
  readonly versions: readonly CommissionSpan[];
  readonly transitions: readonly Transition[];
  /** Planned time, reclassified time included. */
  readonly exclusions: readonly Interval[];
  /** Widened spans of the outages that are charged to another party: left out of the responsible account. */
  readonly foreign: readonly Interval[];
  /** Outages that go on and may yet be charged to another of several incidents: accounts of their days do not hold. */
  readonly unsettled: readonly Interval[];
  readonly judgedUntil: number;
}

/** One object's accounts of one span by both bases (decision 0013). */
export interface BothAccounts {
  readonly experienced: Account;
  readonly responsible: Account;
}

/** What is known of each object for `[from, to)`; those never in commission in it are absent. */
export async function readFacts(
  db: Queryable,
  objects: readonly string[],
  { from, to }: Interval,
  judged: Judged,
): Promise<Map<string, ObjectFacts>> {
  const commissions = await readCommissions(db, objects, { from, to }, judged);
  const present = [...commissions.keys()];
  const activity = await readActivity(db, present, from, to);
  const facts = new Map<string, ObjectFacts>();
  const troubled: { facts: ObjectFacts; outages: Outage[] }[] = [];
  const statements = await readStatements(db, from, to);
  for (const [id, { versions, judgedUntil }] of commissions) {
    const transitions = activity.get(id) ?? [];
    const exclusions = exclusionsOf(statements, id, versions);
    const one: ObjectFacts = { id, versions, transitions, exclusions, foreign: [], unsettled: [], judgedUntil };
    facts.set(id, one);
    const outages = transitions.some((each) => each.to === 'down' || each.from === 'down')
      ? outagesOf(timelineInput(one, { from, to }))
      : [];
    if (outages.length > 0) troubled.push({ facts: one, outages });
  }
  for (const charged of await chargeAll(db, troubled)) facts.set(charged.id, charged);
  return facts;
}

async function chargeAll(db: Queryable, troubled: readonly { facts: ObjectFacts; outages: Outage[] }[]): Promise<ObjectFacts[]> {
  if (troubled.length === 0) return [];
  const from = troubled.reduce((least, { outages }) => Math.min(least, ...outages.map((each) => each.earliest)), Number.MAX_SAFE_INTEGER);
  const to = troubled.reduce((most, { outages }) => Math.max(most, ...outages.map((each) => each.latest)), 0) + 1;
  const statements = await readStatements(db, from, to);
  const incidents = await readChargingIncidents(
    db,
    troubled.map((each) => each.facts.id),
    from,
    to,
  );
  return troubled.flatMap(({ facts, outages }) => {
    const charges = chargesOf(statements, facts);
    const own = incidents.get(facts.id) ?? [];
    if (charges.length === 0 && own.length === 0) return [];
    return [{ ...facts, ...charge(facts, outages, own, charges) }];
  });
}

/** The reclassifications that charge outages of the object to somebody, in the order in which they were made. */
export function chargesOf(statements: Statements, { id, versions }: Pick<ObjectFacts, 'id' | 'versions'>): Charge[] {
  return statements.reclassified.flatMap((stated) => {
    const { party } = stated;
    if (stated.effect !== 'charge' || party === null) return [];
    const spans = coveredSpans(stated, { from: stated.startsAt, to: stated.endsAt }, id, versions);
    return spans.map((span) => ({ reclassification: stated.id, ...span, party }));
  });
}

/** Each outage is charged by itself: the object's own party is that of its beginning. */
function charge(
  { versions, judgedUntil }: ObjectFacts,
  outages: readonly Outage[],
  incidents: readonly ChargingIncident[],
  charges: readonly Charge[],
): Pick<ObjectFacts, 'foreign' | 'unsettled'> {
  const foreign: Interval[] = [];
  const unsettled: Interval[] = [];
  for (const outage of outages) {
    const own = partyAt(versions, outage.from);
    const [charged] = chargeOutages([outage], incidents, charges, own);
    if (charged && charged.party !== own) foreign.push({ from: outage.earliest, to: outage.latest });
    const goesOn = outage.to >= judgedUntil;
    if (goesOn && incidents.length + charges.length > 1) unsettled.push({ from: outage.earliest, to: outage.latest });
  }
  return { foreign: union(foreign), unsettled };
}

/** Whose object it was at a moment; before its first version, that one's. */
export function partyAt(versions: readonly CommissionSpan[], at: number): string | null {
  return (versions.findLast((version) => version.from <= at) ?? versions[0])?.party ?? null;
}

/** What the timeline of an object over a span of its window is made of. */
export function timelineInput(facts: ObjectFacts, { from, to }: Interval, uncounted: readonly Interval[] = []): TimelineInput {
  const { transitions, versions, exclusions, judgedUntil } = facts;
  return { from, to, transitions, validity: versions, exclusions, uncounted, judgedUntil };
}

/** The accounts of an object over a span of its window. */
export function accountsOf(facts: ObjectFacts, span: Interval, counted: CountedTime): BothAccounts {
  const uncounted = counted.uncounted(span);
  const input = timelineInput(facts, span, uncounted);
  const experienced = accountFor(input);
  const foreign = intersect(facts.foreign, [span]);
  if (foreign.length === 0) return { experienced, responsible: experienced };
  return { experienced, responsible: accountFor({ ...input, uncounted: [...uncounted, ...foreign] }) };
}
