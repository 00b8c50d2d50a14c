import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CheckState,
  evaluateClosedTick,
  evaluateObservation,
  evaluatePassedOver,
  INITIAL_CHECK_STATE,
  moveCheck,
  type Observation,
  resolutionOf,
} from './evaluate.ts';
import { DEFAULT_ICMP_POLICY, type IcmpPolicy } from './inventory.ts';
import type { State, Transition } from './state.ts';

const policy: IcmpPolicy = { ...DEFAULT_ICMP_POLICY, unconfirmedDownAfter: 3 };

function look(at: number, verdict: Observation['verdict'], confirmed = true): Observation {
  return { at, tick: at, verdict, confirmed, first: at + 1_100, last: at + 600 };
}

function run(observations: readonly Observation[], start: CheckState = INITIAL_CHECK_STATE, rules = policy) {
  let state = start;
  const transitions: Transition[] = [];
  for (const observation of observations) {
    const result = evaluateObservation(state, observation, rules);
    state = result.state;
    if (result.transition) transitions.push(result.transition);
  }
  return { state, transitions };
}

describe('evaluateObservation', () => {
  test('the first good look says up, exactly from its first evidence', () => {
    const { transitions } = run([look(10_000, 'up')]);
    expect(transitions).toEqual([
      { from: 'unknown', to: 'up', edge: { at: 11_100, earliest: 11_100, latest: 11_100 }, reason: 'first-observation', decidedAt: 11_100 },
    ]);
  });

  test('a confirmed bad look says down at once, its edge between the last good and the first bad evidence', () => {
    const { transitions } = run([look(10_000, 'up'), look(20_000, 'down')]);
    expect(transitions[1]).toMatchObject({
      from: 'up',
      to: 'down',
      reason: 'no-reply',
      edge: { earliest: 10_600, latest: 21_100, at: 15_850 },
    });
  });

  test.each([
    ['at its first lost probe', 20_020, 15_310],
    ['never before the last good evidence', 9_000, 10_600],
    ['never behind its own bounds', 30_000, 15_850],
    ['the midpoint of the bounds, where nobody says', undefined, 15_850],
  ])('a look is taken to have begun %s: that moves the estimate and no bound', (_, began, at) => {
    const { transitions } = run([look(10_000, 'up'), { ...look(20_000, 'down'), began }]);
    expect(transitions[1]?.edge).toEqual({ earliest: 10_600, latest: 21_100, at });
  });

  test('a run that was not believed at once begins with its first look, and so does a recovery', () => {
    const begun = (observation: Observation) => ({ ...observation, began: observation.at + 20 });
    const rules = { ...policy, upAfter: 2 };
    const bad = [20_000, 30_000, 40_000].map((at) => begun(look(at, 'down', false)));
    const { transitions } = run(
      [look(10_000, 'up'), ...bad, begun(look(50_000, 'up')), begun(look(60_000, 'up'))],
      INITIAL_CHECK_STATE,
      rules,
    );
    expect(transitions.map(({ to, edge }) => [to, edge.at])).toEqual([
      ['up', 11_100],
      ['down', 15_310],
      ['up', 45_310],
    ]);
  });

  test('unknown ends with the evidence itself, whenever its look began', () => {
    const { transitions } = run([{ ...look(20_000, 'down'), began: 20_020 }]);
    expect(transitions[0]?.edge).toEqual({ earliest: 21_100, latest: 21_100, at: 21_100 });
  });

  test('unconfirmed bad looks say down only after three, dated back to the first of them', () => {
    const { transitions } = run([
      look(10_000, 'up'),
      look(20_000, 'down', false),
      look(30_000, 'down', false),
      look(40_000, 'down', false),
    ]);
    expect(transitions).toHaveLength(2);
    expect(transitions[1]).toMatchObject({ to: 'down', edge: { earliest: 10_600, latest: 21_100 }, decidedAt: 41_100 });
  });

  test('a single unconfirmed bad look between good ones changes nothing', () => {
    const { state, transitions } = run([look(10_000, 'up'), look(20_000, 'down', false), look(30_000, 'up')]);
    expect(transitions).toHaveLength(1);
    expect(state.state).toBe('up');
  });

  test('recovery: the edge lies between the last bad and the first good evidence', () => {
    const { transitions } = run([look(10_000, 'up'), look(20_000, 'down'), look(30_000, 'down'), look(40_000, 'up')]);
    expect(transitions[2]).toMatchObject({ from: 'down', to: 'up', reason: 'replied', edge: { earliest: 30_600, latest: 41_100 } });
  });

  test('upAfter holds the recovery back but dates it to the first good look', () => {
    const rules = { ...policy, upAfter: 2 };
    const { transitions } = run(
      [look(10_000, 'up'), look(20_000, 'down'), look(30_000, 'up'), look(40_000, 'up')],
      INITIAL_CHECK_STATE,
      rules,
    );
    expect(transitions.map((item) => item.to)).toEqual(['up', 'down', 'up']);
    expect(transitions[2]?.edge).toMatchObject({ earliest: 20_600, latest: 31_100 });
  });

  test('where one look is enough for degraded, it is said of what was unknown or down as well, with its reason', () => {
    const once = { ...policy, degradedAfter: 1 };
    const dormant: Observation = { ...look(30_000, 'degraded'), reason: 'dormant' };
    expect(run([dormant], INITIAL_CHECK_STATE, once).transitions).toMatchObject([{ from: 'unknown', to: 'degraded', reason: 'dormant' }]);
    const { transitions } = run([look(10_000, 'up'), { ...look(20_000, 'down'), reason: 'link-down' }, dormant], INITIAL_CHECK_STATE, once);
    expect(transitions.map(({ to, reason }) => [to, reason])).toEqual([
      ['up', 'first-observation'],
      ['down', 'link-down'],
      ['degraded', 'dormant'],
    ]);
  });

  test('where it is not, such a look says up, and not for its own reason', () => {
    expect(run([{ ...look(10_000, 'degraded'), reason: 'dormant' }]).transitions).toMatchObject([
      { to: 'up', reason: 'first-observation' },
    ]);
  });

  test('loss must last to be degraded, and be gone as long to be up again', () => {
    const verdicts: Observation['verdict'][] = ['up', 'degraded', 'degraded', 'up', 'degraded', 'degraded', 'degraded', 'up', 'up', 'up'];
    const { transitions } = run(verdicts.map((verdict, index) => look((index + 1) * 10_000, verdict)));
    expect(transitions.map((item) => [item.to, item.decidedAt])).toEqual([
      ['up', 11_100],
      ['degraded', 71_100],
      ['up', 101_100],
    ]);
    expect(transitions[1]?.edge).toMatchObject({ earliest: 40_600, latest: 51_100 });
  });

  test('an observation that is not newer is stale and changes nothing', () => {
    const { state } = run([look(10_000, 'up'), look(20_000, 'up')]);
    expect(evaluateObservation(state, look(20_000, 'down'), policy)).toEqual({ state, transition: null, stale: true });
    expect(evaluateObservation(state, look(15_000, 'down'), policy)).toEqual({ state, transition: null, stale: true });
  });
});

describe('evaluateClosedTick', () => {
  const seen = run([look(10_000, 'up')]).state;
  const cases: { name: string; tick: number; unknown: boolean }[] = [
    { name: 'its own tick', tick: 10_000, unknown: false },
    { name: 'one tick missed is covered', tick: 20_000, unknown: false },
    { name: 'two ticks missed', tick: 30_000, unknown: true },
    { name: 'a range of many closed at once', tick: 610_000, unknown: true },
  ];
  test.each(cases)('$name → unknown: $unknown', ({ tick, unknown }) => {
    const { state, transition } = evaluateClosedTick(seen, tick, 10_000, 2, false);
    expect(state.state).toBe(unknown ? 'unknown' : 'up');
    if (unknown) expect(transition).toMatchObject({ reason: 'not-looked-at', edge: { at: 20_000, earliest: 10_600, latest: 20_000 } });
  });

  test('an extra look within the tick counts as a look', () => {
    const looked = evaluateObservation(seen, { ...look(24_000, 'up'), tick: null }, policy).state;
    expect(evaluateClosedTick(looked, 20_000, 10_000, 2, false).transition).toBeNull();
    expect(evaluateClosedTick(looked, 30_000, 10_000, 2, false).transition).toBeNull();
  });

  test('blindness is named', () => {
    expect(evaluateClosedTick(seen, 30_000, 10_000, 2, true).transition?.reason).toBe('vantage-blind');
  });

  test('a bad look that was not believed yet widens the edge back to the last good evidence', () => {
    const doubted = run([look(10_000, 'up'), look(20_000, 'down', false)]).state;
    expect(evaluateClosedTick(doubted, 40_000, 10_000, 2, false).transition).toMatchObject({
      to: 'unknown',
      edge: { earliest: 10_600, at: 30_000, latest: 30_000 },
    });
  });

  test.each([
    { from: 10_000, to: 1_000, silentFor: 18_000 },
    { from: 1_000, to: 10_000, silentFor: 10_000 },
    { from: 1_000, to: 1_000, silentFor: 3_000 },
  ])(
    'a check moved from rounds of $from ms to rounds of $to ms stays covered by what its old rounds covered',
    ({ from, to, silentFor }) => {
      const of = (intervalMs: number): IcmpPolicy => ({ ...policy, intervalMs, unknownAfter: 2 });
      const moved = moveCheck(seen, of(from), of(to));
      for (let tick = 10_000 + (to % 977); tick <= 10_000 + silentFor; tick += to) {
        expect(evaluateClosedTick(moved, tick, to, 2, false).transition).toBeNull();
      }
      expect(evaluateClosedTick(moved, 10_000 + 60_000, to, 2, false).state.state).toBe('unknown');
      expect(moveCheck(INITIAL_CHECK_STATE, of(from), of(to))).toBe(INITIAL_CHECK_STATE);
    },
  );

  test('after unknown, the next look says what it sees, exactly from then', () => {
    const unknown = evaluateClosedTick(seen, 30_000, 10_000, 2, false).state;
    expect(evaluateObservation(unknown, look(40_000, 'down'), policy).transition).toMatchObject({
      from: 'unknown',
      to: 'down',
      edge: { at: 41_100, earliest: 41_100, latest: 41_100 },
    });
  });
});

describe('ticks that an observation passes over', () => {
  const seen = run([look(10_000, 'up')]).state;
  test.each([
    { at: 20_000, unknown: false },
    { at: 30_000, unknown: false },
    { at: 40_000, unknown: true },
  ])('a look at $at after one at 10000: unknown between, though no tick was closed yet: $unknown', ({ at, unknown }) => {
    const judged = evaluatePassedOver(seen, look(at, 'up'), policy, false);
    if (unknown) expect(judged?.transition).toMatchObject({ to: 'unknown', edge: { earliest: 10_600, at: 20_000, latest: 20_000 } });
    else expect(judged).toBeNull();
  });

  test('a stale look passes over nothing', () => {
    expect(evaluatePassedOver(seen, { ...look(40_000, 'up'), at: 9_000 }, policy, false)).toBeNull();
  });

  test('a bad look that was not believed and a tick without a look: what lies between the good ones is unknown', () => {
    const doubted = run([look(10_000, 'up'), look(20_000, 'down', false)]).state;
    expect(evaluatePassedOver(doubted, look(30_000, 'up'), DEFAULT_ICMP_POLICY, false)).toBeNull();
    expect(evaluatePassedOver(doubted, look(40_000, 'down', false), DEFAULT_ICMP_POLICY, false)).toBeNull();
    expect(evaluatePassedOver(doubted, look(40_000, 'up'), DEFAULT_ICMP_POLICY, false)?.transition).toMatchObject({
      to: 'unknown',
      edge: { earliest: 10_600, at: 30_000, latest: 30_000 },
    });
  });

  test('the resolution is the longest gap that hides something: ticks covered, or a run too short to be believed', () => {
    expect(resolutionOf(DEFAULT_ICMP_POLICY)).toBe(20_000);
    expect(resolutionOf({ ...policy, upAfter: 4 })).toBe(40_000);
    expect(resolutionOf({ ...policy, unconfirmedDownAfter: 5 })).toBe(50_000);
  });
});

describe('every edge contains the truth', () => {
  test('random outages seen by rounds of three probes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 30_000, max: 200_000 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 9_999 }),
        (spans, phase) => {
          const cuts = spans.map((_, index) => spans.slice(0, index + 1).reduce((sum, span) => sum + span, 15_000));
          const end = (cuts.at(-1) ?? 0) + 60_000;
          const serves = (at: number) => cuts.filter((cut) => cut <= at).length % 2 === 0;
          let state = INITIAL_CHECK_STATE;
          const found: Transition[] = [];
          for (let tick = phase; tick < end; tick += 10_000) {
            const result = evaluateObservation(state, roundAt(tick, serves), policy);
            state = result.state;
            if (result.transition && result.transition.from !== 'unknown') found.push(result.transition);
          }
          expect(found.length).toBe(cuts.length);
          found.forEach((transition, index) => {
            expect(transition.to).toBe<State>(index % 2 === 0 ? 'down' : 'up');
            expect(transition.edge.earliest).toBeLessThanOrEqual(cuts[index] as number);
            expect(transition.edge.latest).toBeGreaterThanOrEqual(cuts[index] as number);
          });
        },
      ),
    );
  });
});

/** A round as the collector bounds it: three probes 300 ms apart, 1 s to answer, the verdict by whether any answered. */
function roundAt(tick: number, serves: (at: number) => boolean): Observation {
  const replied = [0, 300, 600].map((offset) => serves(tick + offset));
  const anyReplied = replied.includes(true);
  const first = replied.indexOf(anyReplied) * 300;
  const last = replied.lastIndexOf(anyReplied) * 300;
  return { at: tick, tick, verdict: anyReplied ? 'up' : 'down', confirmed: true, first: tick + first + 1_000, last: tick + last };
}
