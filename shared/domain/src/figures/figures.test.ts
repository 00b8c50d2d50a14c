import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Account, accountFor, addAccounts, EMPTY_ACCOUNT, sumAccounts, verdictOf } from '../availability.ts';
import { countedSpans } from '../calendars/index.ts';
import { wholeDays } from '../days.ts';
import { exactEdge, STATES, type State, type Transition } from '../state.ts';
import type { TimelineInput } from '../timeline.ts';
import { type ChargedOutage, type ChargingIncident, chargeOutages } from './charging.ts';
import { outagesOf } from './outages.ts';
import { type AggregateKind, addMember, aggregate, EMPTY_PARTIAL, finishPartial, mergePartials } from './partial.ts';
import { responsibleAccount } from './responsible.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function change(from: State, to: State, earliest: number, latest = earliest): Transition {
  return { from, to, edge: { at: Math.floor((earliest + latest) / 2), earliest, latest }, reason: 'no-reply', decidedAt: latest };
}

function inputOf(transitions: readonly Transition[], over: Partial<TimelineInput> = {}): TimelineInput {
  return { from: 0, to: 1000, transitions, validity: [{ from: 0, to: 1e15 }], exclusions: [], judgedUntil: 1000, ...over };
}

const up = change('unknown', 'up', 0);

describe('what does not count', () => {
  const down = [up, change('up', 'down', 100), change('down', 'up', 500)];

  test('time outside the calendar is excluded, and the figure with maintenance does not give it back', () => {
    const account = accountFor(inputOf(down, { uncounted: [{ from: 0, to: 200 }], exclusions: [{ from: 150, to: 300 }] }));
    expect(account).toMatchObject({
      totalMs: 1000,
      excludedMs: 300,
      downMs: 200,
      upMs: 500,
      upWithMaintenanceMs: 500,
      downWithMaintenanceMs: 300,
    });
  });

  test('overlapping maintenance is left out once; what overruns it is down', () => {
    const account = accountFor(
      inputOf(down, {
        exclusions: [
          { from: 100, to: 300 },
          { from: 200, to: 400 },
          { from: 250, to: 250 },
        ],
      }),
    );
    expect(account).toMatchObject({ excludedMs: 300, downMs: 100, downLeastMs: 100 });
  });

  test('a period without length has no time and no figure', () => {
    const account = accountFor(inputOf(down, { to: 0 }));
    expect(account).toEqual(EMPTY_ACCOUNT);
    expect(aggregate('mean', [{ account, weight: 1 }])).toMatchObject({ availability: null, lowest: null, highest: null, unobserved: 1 });
    expect(verdictOf(0.99, aggregate('mean', [{ account, weight: 1 }]))).toBe('undecided');
  });

  test('an object that came and went inside the period counts for its time alone, whatever is said of it outside', () => {
    const account = accountFor(inputOf(down, { validity: [{ from: 400, to: 600 }] }));
    expect(account).toMatchObject({ totalMs: 200, upMs: 100, downMs: 100, unknownMs: 0, downMostMs: 100 });
  });
});

describe('accounts of parts add up to the account of the whole', () => {
  const spells = fc.array(
    fc.record({ gap: fc.integer({ min: 0, max: 20 * HOUR }), to: fc.constantFrom(...STATES), before: fc.nat(HOUR), after: fc.nat(HOUR) }),
    { maxLength: 12 },
  );
  // Two weeks of Berlin in which a day has 23 hours (25 March 2018), or 25 (28 October).
  const starts = fc.constantFrom(Date.UTC(2018, 2, 17, 23), Date.UTC(2018, 9, 19, 22));

  test('day by day through a daylight-saving step, with calendar, maintenance and charges, by both bases', () => {
    fc.assert(
      fc.property(
        starts,
        spells,
        fc.nat(10 * DAY),
        fc.nat(2 * DAY),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        (from, drawn, holeAt, hole, others) => {
          const to = from + 14 * DAY;
          const office = [{ from: 125, to: 1080 }];
          const calendar = { id: 'c', week: Array.from({ length: 7 }, () => office), dates: [], knownUntil: null };
          const counted = countedSpans(calendar, 'Europe/Berlin', from, to);
          const uncounted = counted.map(({ to: end }, index) => ({ from: end, to: counted[index + 1]?.from ?? to }));
          const whole = inputOf(draw(from, drawn), {
            from,
            to,
            judgedUntil: to,
            exclusions: [{ from: from + holeAt, to: from + holeAt + hole }],
            uncounted: [{ from, to: counted[0]?.from ?? to }, ...uncounted],
          });
          const charged = outagesOf(whole).map((outage, index) => ({
            ...outage,
            party: others[index] ? 'other' : 'own',
            cause: null,
            incident: null,
            reclassification: null,
          }));
          const cuts = [from, ...wholeDays(from, to, 'Europe/Berlin').map((day) => day.to), to];
          const parts = cuts.slice(1).map((end, index) => ({ ...whole, from: cuts[index] ?? from, to: end }));
          expect(sumAccounts(parts.map(accountFor))).toEqual(accountFor(whole));
          const responsible = responsibleAccount(whole, charged, 'own');
          expect(sumAccounts(parts.map((part) => responsibleAccount(part, charged, 'own')))).toEqual(responsible);
          for (const account of [accountFor(whole), responsible]) expectSound(account);
          expect(responsible.downMs).toBeLessThanOrEqual(accountFor(whole).downMs);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('the outages that a part names are those of the whole, so that each is charged once', () => {
    fc.assert(
      fc.property(spells, fc.nat(10 * DAY), fc.nat(10 * DAY), (drawn, a, b) => {
        const whole = inputOf(draw(0, drawn), { to: 20 * DAY, judgedUntil: 20 * DAY });
        const all = outagesOf(whole);
        for (const outage of outagesOf({ ...whole, from: Math.min(a, b), to: Math.max(a, b) })) expect(all).toContainEqual(outage);
        expect(all.every((outage) => outage.earliest <= outage.from && outage.from <= outage.to && outage.to <= outage.latest)).toBe(true);
        expect(all.reduce((sum, outage) => sum + outage.to - outage.from, 0)).toBe(accountFor(whole).downMs);
      }),
    );
  });
});

function draw(start: number, drawn: readonly { gap: number; to: State; before: number; after: number }[]): Transition[] {
  const transitions: Transition[] = [{ ...change('unknown', 'up', start), edge: exactEdge(start) }];
  let [at, from, last] = [start, 'up' as State, start];
  for (const { gap, to, before, after } of drawn) {
    at += gap;
    if (to === from) continue;
    const edge = change(from, to, at - before, at + after).edge;
    last = Math.max(edge.at, last);
    transitions.push({ ...change(from, to, at), edge: { ...edge, at: last, latest: Math.max(edge.latest, last) } });
    from = to;
  }
  return transitions;
}

function expectSound(account: Account): void {
  expect(account.upMs + account.downMs + account.unknownMs + account.excludedMs).toBe(account.totalMs);
  const { availability, lowest, highest } = aggregate('mean', [{ account, weight: 1 }]);
  expect(account.downLeastMs).toBeLessThanOrEqual(account.downMs);
  expect(account.downMostMs).toBeGreaterThanOrEqual(account.downMs + account.unknownMs);
  if (availability === null || lowest === null || highest === null) return;
  expect(lowest).toBeLessThanOrEqual(availability);
  expect(highest).toBeGreaterThanOrEqual(availability);
}

describe('outagesOf', () => {
  test.each([
    ['one with uncertain edges', [up, change('up', 'down', 90, 110), change('down', 'up', 190, 210)], [[90, 100, 200, 210]]],
    [
      'degraded serves, unknown ends an outage',
      [up, change('up', 'down', 100), change('down', 'unknown', 200), change('unknown', 'down', 300), change('down', 'degraded', 400)],
      [
        [100, 100, 200, 200],
        [300, 300, 400, 400],
      ],
    ],
    [
      'what has no length interrupts nothing',
      [up, change('up', 'down', 100), change('down', 'unknown', 150, 250), change('unknown', 'down', 150, 250), change('down', 'up', 300)],
      [[100, 100, 300, 300]],
    ],
    ['open at the end: until what has been judged', [up, change('up', 'down', 900)], [[900, 900, 1000, 1000]]],
    ['before anything is said of it', [change('down', 'up', 50)], [[0, 0, 50, 50]]],
    ['not yet judged', [up, change('up', 'down', 1100)], []],
    ['over before the period', [change('unknown', 'down', -500), change('down', 'up', -100)], []],
  ] as const)('%s', (_, transitions, expected) => {
    expect(outagesOf(inputOf(transitions)).map(({ earliest, from, to, latest }) => [earliest, from, to, latest])).toEqual(expected);
  });
});

describe('chargeOutages', () => {
  const outage = { from: 100, to: 200, earliest: 90, latest: 210, reason: 'no-reply' } as const;
  const incident = (id: string, from: number, to: number | null, party: string | null): ChargingIncident => ({
    incident: id,
    from,
    to,
    cause: `n:${id}`,
    party,
  });
  const charge = (id: string, from: number, to: number, party: string) => ({ reclassification: id, from, to, party });

  test.each([
    ['nothing said: the own party', [], [], { party: 'own', incident: null, reclassification: null, cause: null }],
    [
      'the incident it lies in most',
      [incident('a', 0, 140, 'x'), incident('b', 140, null, 'y')],
      [],
      { party: 'y', incident: 'b', cause: 'n:b' },
    ],
    ['alike in two: the one that began first', [incident('b', 150, 300, 'y'), incident('a', 0, 150, 'x')], [], { party: 'x' }],
    [
      'an incident without a party: the own, and the cause is told',
      [incident('a', 0, null, null)],
      [],
      { party: 'own', incident: 'a', cause: 'n:a' },
    ],
    [
      'a reclassification goes before',
      [incident('a', 0, null, 'x')],
      [charge('r', 150, 160, 'z')],
      { party: 'z', incident: 'a', reclassification: 'r' },
    ],
    ['the later of two reclassifications', [], [charge('r', 0, 300, 'z'), charge('s', 0, 300, 'w')], { party: 'w', reclassification: 's' }],
    [
      'neither meets it',
      [incident('a', 300, null, 'x')],
      [charge('r', 0, 100, 'z')],
      { party: 'own', incident: null, reclassification: null },
    ],
  ])('%s', (_, incidents, charges, expected) => {
    expect(chargeOutages([outage], incidents, charges, 'own')[0]).toMatchObject(expected);
  });
});

describe('responsibleAccount', () => {
  const two = inputOf([
    up,
    change('up', 'down', 90, 110),
    change('down', 'up', 190, 210),
    change('up', 'down', 500),
    change('down', 'up', 600),
  ]);
  const charged = (...parties: (string | null)[]): ChargedOutage[] =>
    outagesOf(two).map((outage, index) => ({
      ...outage,
      party: parties[index] ?? null,
      cause: null,
      incident: null,
      reclassification: null,
    }));

  test('an outage charged to another is left out with its uncertain edges, and not given back with maintenance', () => {
    expect(responsibleAccount(two, charged('backbone', 'own'), 'own')).toMatchObject({
      totalMs: 1000,
      excludedMs: 120,
      downMs: 100,
      upMs: 780,
      downLeastMs: 100,
      downMostMs: 100,
      upWithMaintenanceMs: 780,
      downWithMaintenanceMs: 100,
    });
  });

  test('all its own: the account is that of who uses it', () => {
    expect(responsibleAccount(two, charged('own', 'own'), 'own')).toEqual(accountFor(two));
    expect(responsibleAccount(two, charged(null, null), null)).toEqual(accountFor(two));
  });

  test('cut off by another for the whole time: no availability, and not 100%', () => {
    const cut = inputOf([change('unknown', 'down', -10)]);
    const account = responsibleAccount(
      cut,
      chargeOutages(outagesOf(cut), [{ incident: 'i', from: -10, to: null, cause: null, party: 'backbone' }], [], 'own'),
      'own',
    );
    expect(aggregate('mean', [{ account, weight: 1 }])).toMatchObject({ availability: null, lowest: null, highest: null, unobserved: 1 });
  });
});

describe('partials', () => {
  const accountOf: fc.Arbitrary<Account> = fc
    .array(fc.nat(1000), { minLength: 6, maxLength: 6 })
    .map(([upMs = 0, downMs = 0, unknownMs = 0, excludedMs = 0, least = 0, more = 0]) => ({
      totalMs: upMs + downMs + unknownMs + excludedMs,
      upMs,
      downMs,
      unknownMs,
      excludedMs,
      degradedMs: Math.min(upMs, more),
      downLeastMs: Math.min(downMs, least),
      downMostMs: Math.min(upMs + downMs + unknownMs, downMs + unknownMs + more),
      upWithMaintenanceMs: upMs + excludedMs,
      downWithMaintenanceMs: downMs,
    }));
  const members = fc.array(fc.record({ account: accountOf, weight: fc.nat(5) }), { maxLength: 20 });
  const kinds: AggregateKind[] = ['mean', 'time-weighted', 'user-weighted'];

  test('in whatever way members are grouped, the partials merge to the figure of all', () => {
    fc.assert(
      fc.property(members, fc.nat(20), fc.constantFrom(...kinds), (all, cut, kind) => {
        const partial = (of: typeof all) => of.reduce((sum, { account, weight }) => addMember(sum, account, weight), EMPTY_PARTIAL);
        const merged = finishPartial(kind, mergePartials(partial(all.slice(cut)), partial(all.slice(0, cut))));
        const whole = aggregate(kind, all);
        expect(merged.account).toEqual(whole.account);
        expect(merged.unobserved).toBe(whole.unobserved);
        for (const field of ['availability', 'lowest', 'highest', 'completeness', 'availabilityWithMaintenance'] as const) {
          if (whole[field] === null) expect(merged[field]).toBeNull();
          else expect(merged[field]).toBeCloseTo(whole[field], 12);
        }
        expect(mergePartials(EMPTY_PARTIAL, partial(all))).toEqual(partial(all));
      }),
    );
  });

  test('lowest <= availability <= highest, and never NaN, by every kind', () => {
    fc.assert(
      fc.property(members, fc.constantFrom(...kinds), (all, kind) => {
        const { account: _, ...result } = aggregate(kind, all);
        expect(Object.values(result).some(Number.isNaN)).toBe(false);
        if (result.availability === null) return;
        expect(result.lowest ?? 0).toBeLessThanOrEqual(result.availability + 1e-12);
        expect(result.highest ?? 1).toBeGreaterThanOrEqual(result.availability - 1e-12);
      }),
    );
  });

  test('members that all weigh nothing have no figure', () => {
    const account = { ...EMPTY_ACCOUNT, totalMs: 10, upMs: 10 };
    expect(aggregate('user-weighted', [{ account, weight: 0 }])).toMatchObject({
      availability: null,
      lowest: null,
      highest: null,
      completeness: null,
    });
    expect(addAccounts(account, account).upMs).toBe(20);
  });
});
