import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountFor, availabilityOf, EMPTY_ACCOUNT, sumAccounts, verdictOf } from './availability.ts';
import { aggregate } from './figures/index.ts';
import { edgeBetween, exactEdge, type State, type Transition } from './state.ts';
import { buildTimeline, type TimelineInput } from './timeline.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function change(from: State, to: State, earliest: number, latest = earliest): Transition {
  return { from, to, edge: edgeBetween(earliest, latest), reason: 'no-reply', decidedAt: latest };
}

function input(over: Partial<TimelineInput> & { transitions: readonly Transition[] }): TimelineInput {
  const to = over.to ?? DAY;
  return { from: 0, to, validity: [{ from: 0, to: Number.MAX_SAFE_INTEGER }], exclusions: [], judgedUntil: to, ...over };
}

describe('accountFor', () => {
  test('up all day', () => {
    const account = accountFor(input({ transitions: [change('unknown', 'up', -HOUR)] }));
    expect(account).toMatchObject({ totalMs: DAY, upMs: DAY, downMs: 0, unknownMs: 0, downLeastMs: 0, downMostMs: 0 });
    expect(availabilityOf(account)).toMatchObject({ availability: 1, lowest: 1, highest: 1, completeness: 1 });
  });

  test('nobody ever looked: no figure, and bounds that say so', () => {
    expect(availabilityOf(accountFor(input({ transitions: [] })))).toEqual({
      availability: null,
      lowest: 0,
      highest: 1,
      completeness: 0,
      availabilityWithMaintenance: null,
    });
  });

  test('an outage with uncertain edges: the estimate is the midpoint, the bounds take each edge at its worst and best', () => {
    const account = accountFor(
      input({ transitions: [change('unknown', 'up', -1), change('up', 'down', 1_000, 11_000), change('down', 'up', 61_000, 71_000)] }),
    );
    expect(account).toMatchObject({ downMs: 60_000, downLeastMs: 50_000, downMostMs: 70_000 });
  });

  test('unknown is neither up nor down, but down at the worst and up at the best', () => {
    const account = accountFor(
      input({ transitions: [change('unknown', 'up', -1), change('up', 'unknown', 0, 10 * HOUR), change('unknown', 'up', 12 * HOUR)] }),
    );
    expect(account.unknownMs).toBe(7 * HOUR);
    expect(account.downMostMs).toBe(12 * HOUR);
    expect(account.downLeastMs).toBe(0);
  });

  test('what has not been judged yet is unknown, not carried on', () => {
    const account = accountFor(input({ transitions: [change('unknown', 'up', -1)], judgedUntil: 18 * HOUR }));
    expect(account).toMatchObject({ upMs: 18 * HOUR, unknownMs: 6 * HOUR });
  });

  test('maintenance wins over down; its overrun is down', () => {
    const account = accountFor(
      input({
        transitions: [change('unknown', 'up', -1), change('up', 'down', HOUR), change('down', 'up', 4 * HOUR)],
        exclusions: [{ from: HOUR, to: 3 * HOUR }],
      }),
    );
    expect(account).toMatchObject({ totalMs: DAY, excludedMs: 2 * HOUR, downMs: HOUR, upMs: 21 * HOUR, downWithMaintenanceMs: 3 * HOUR });
    expect(availabilityOf(account).availability).toBe(21 / 22);
    expect(availabilityOf(account).availabilityWithMaintenance).toBe(21 / 24);
  });

  test('commissioned at noon: only the afternoon counts', () => {
    const account = accountFor(
      input({ transitions: [change('unknown', 'up', 12 * HOUR)], validity: [{ from: 12 * HOUR, to: 20 * HOUR }] }),
    );
    expect(account).toMatchObject({ totalMs: 8 * HOUR, upMs: 8 * HOUR, unknownMs: 0 });
  });

  test('an outage still open at the end of the period counts to its end', () => {
    expect(accountFor(input({ transitions: [change('unknown', 'up', -1), change('up', 'down', 23 * HOUR)] })).downMs).toBe(HOUR);
  });

  test('an edge that straddles the end of the period leaves its part there', () => {
    const account = accountFor(input({ transitions: [change('unknown', 'up', -1), change('up', 'down', DAY - 2_000, DAY + 8_000)] }));
    expect(account).toMatchObject({ downMs: 0, downMostMs: 2_000, downLeastMs: 0 });
  });
});

describe('properties of accounts', () => {
  const outages = fc.array(
    fc.record({ gap: fc.integer({ min: 40, max: 400 }), span: fc.integer({ min: 40, max: 400 }), a: fc.nat(15), b: fc.nat(15) }),
    { maxLength: 8 },
  );
  const kind = fc.constantFrom<State>('down', 'unknown', 'degraded');

  /** Up, with spells of another state; `truth` are the true spans, edges are known to ±15 around them. */
  function scenario(spells: { gap: number; span: number; a: number; b: number }[], state: State) {
    const transitions: Transition[] = [{ from: 'unknown', to: 'up', edge: exactEdge(0), reason: 'replied', decidedAt: 0 }];
    const truth: [number, number][] = [];
    let at = 0;
    for (const { gap, span, a, b } of spells) {
      const from = at + gap;
      at = from + span;
      truth.push([from, at]);
      transitions.push(change('up', state, from - a, from + b), change(state, 'up', at - b, at + a));
    }
    return { transitions, truth, end: at + 100 };
  }

  test('the four states add up to the whole, and a period is the sum of its parts', () => {
    fc.assert(
      fc.property(
        outages,
        kind,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(500),
        fc.nat(500),
        (spells, state, cut, holeAt, hole) => {
          const { transitions, end } = scenario(spells, state);
          const whole = input({ transitions, to: end, exclusions: [{ from: holeAt, to: holeAt + hole }] });
          const middle = Math.floor(end * cut);
          const account = accountFor(whole);
          expect(account.upMs + account.downMs + account.unknownMs + account.excludedMs).toBe(account.totalMs);
          expect(sumAccounts([accountFor({ ...whole, to: middle }), accountFor({ ...whole, from: middle })])).toEqual(account);
        },
      ),
    );
  });

  test('the truth lies within the bounds', () => {
    fc.assert(
      fc.property(outages, (spells) => {
        const { transitions, truth, end } = scenario(spells, 'down');
        const account = accountFor(input({ transitions, to: end }));
        const trulyDown = truth.reduce((sum, [from, to]) => sum + (to - from), 0);
        expect(account.downLeastMs).toBeLessThanOrEqual(trulyDown);
        expect(account.downMostMs).toBeGreaterThanOrEqual(trulyDown);
        expect(account.downLeastMs).toBeLessThanOrEqual(account.downMs);
        expect(account.downMostMs).toBeGreaterThanOrEqual(account.downMs);
      }),
    );
  });

  test('the timeline covers the period without gaps or overlaps', () => {
    fc.assert(
      fc.property(outages, kind, fc.nat(900), fc.nat(900), fc.nat(900), (spells, state, commissioned, holeAt, hole) => {
        const { transitions, end } = scenario(spells, state);
        const segments = buildTimeline(
          input({
            transitions,
            to: end,
            validity: [{ from: commissioned, to: end - 10 }],
            exclusions: [{ from: holeAt, to: holeAt + hole }],
          }),
        );
        expect(segments[0]?.from).toBe(0);
        expect(segments.at(-1)?.to).toBe(end);
        segments.slice(1).forEach((segment, index) => {
          expect(segment.from).toBe(segments[index]?.to);
        });
      }),
    );
  });
});

describe('aggregate', () => {
  test('mean and time-weighted differ: a link up for 181 days beside one commissioned for a day and down for 12 hours', () => {
    const long = { account: { ...EMPTY_ACCOUNT, totalMs: 181 * DAY, upMs: 181 * DAY }, weight: 3 };
    const short = {
      account: { ...EMPTY_ACCOUNT, totalMs: DAY, upMs: 12 * HOUR, downMs: 12 * HOUR, downLeastMs: 12 * HOUR, downMostMs: 12 * HOUR },
      weight: 1,
    };
    expect(aggregate('mean', [long, short]).availability).toBe(0.75);
    expect(aggregate('time-weighted', [long, short]).availability).toBeCloseTo(0.997253, 6);
    expect(aggregate('user-weighted', [long, short]).availability).toBe((3 + 0.5) / 4);
  });

  test('a member nobody observed is left out of the mean, counted beside it, and kept in the bounds', () => {
    const seen = { account: { ...EMPTY_ACCOUNT, totalMs: DAY, upMs: DAY }, weight: 1 };
    const unseen = { account: { ...EMPTY_ACCOUNT, totalMs: DAY, unknownMs: DAY, downMostMs: DAY }, weight: 1 };
    expect(aggregate('mean', [seen, unseen])).toMatchObject({ availability: 1, lowest: 0.5, highest: 1, unobserved: 1 });
  });

  test('no members, no figure', () => {
    expect(aggregate('mean', [])).toMatchObject({ availability: null, lowest: null, highest: null });
  });
});

describe('verdictOf', () => {
  test.each([
    { lowest: 0.9997, highest: 1, verdict: 'met' },
    { lowest: 0.9, highest: 0.99969999, verdict: 'missed' },
    { lowest: 0.9996, highest: 0.9998, verdict: 'undecided' },
    { lowest: 0.99, highest: 0.9997, verdict: 'undecided' },
    { lowest: null, highest: null, verdict: 'undecided' },
  ])('$lowest … $highest against 0.9997 is $verdict', ({ lowest, highest, verdict }) => {
    expect(verdictOf(0.9997, { lowest, highest })).toBe(verdict);
  });

  test.each([0.9, 0.999, 0.9991, 0.9997])('however many members come to exactly %s, they meet it', (target) => {
    const downMs = Math.round((1 - target) * 10_000);
    const member = { ...EMPTY_ACCOUNT, totalMs: 10_000, upMs: 10_000 - downMs, downMs, downLeastMs: downMs, downMostMs: downMs };
    const worse = { ...member, upMs: member.upMs - 1, downMs: downMs + 1, downLeastMs: downMs + 1, downMostMs: downMs + 1 };
    for (let count = 1; count < 200; count++) {
      const members = Array.from({ length: count }, () => ({ account: member, weight: 1 }));
      expect(verdictOf(target, aggregate('mean', members))).toBe('met');
      expect(verdictOf(target, aggregate('mean', [...members, { account: worse, weight: 1 }]))).toBe('missed');
    }
  });

  test('over the 181 days of a first half-year 99.97% leaves 78.2 minutes of downtime', () => {
    const total = 181 * DAY;
    const at = (downMs: number) =>
      availabilityOf({ ...EMPTY_ACCOUNT, totalMs: total, upMs: total - downMs, downMs, downLeastMs: downMs, downMostMs: downMs });
    expect(verdictOf(0.9997, at(78.1 * 60_000))).toBe('met');
    expect(verdictOf(0.9997, at(78.3 * 60_000))).toBe('missed');
  });
});
