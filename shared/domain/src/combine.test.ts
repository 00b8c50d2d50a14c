import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combineChecks, objectTransitions } from './combine.ts';
import { startOfLocalDate, wholeDays } from './days.ts';
import { intersect, subtract, union } from './intervals.ts';
import { CHECK_KINDS, type CheckKind, divisionCovers, partitionOf, SERVING_RULES, type ServingRule } from './inventory.ts';
import { edgeBetween, type State, type Transition } from './state.ts';

const icmp = (count: number): CheckKind[] => new Array<CheckKind>(count).fill('icmp');
const object = (servingRule: ServingRule, count: number) => ({ servingRule, kinds: icmp(count) });

describe('combineChecks', () => {
  const cases: { rule: 'any' | 'all'; states: State[]; result: State }[] = [
    { rule: 'any', states: [], result: 'unknown' },
    { rule: 'any', states: ['up', 'up'], result: 'up' },
    { rule: 'any', states: ['up', 'down'], result: 'degraded' },
    { rule: 'any', states: ['up', 'degraded'], result: 'degraded' },
    { rule: 'any', states: ['up', 'unknown'], result: 'up' },
    { rule: 'any', states: ['down', 'unknown'], result: 'unknown' },
    { rule: 'any', states: ['down', 'down'], result: 'down' },
    { rule: 'any', states: ['unknown', 'unknown'], result: 'unknown' },
    { rule: 'all', states: [], result: 'unknown' },
    { rule: 'all', states: ['up', 'up'], result: 'up' },
    { rule: 'all', states: ['up', 'down'], result: 'down' },
    { rule: 'all', states: ['unknown', 'down'], result: 'down' },
    { rule: 'all', states: ['up', 'unknown'], result: 'unknown' },
    { rule: 'all', states: ['up', 'degraded'], result: 'degraded' },
  ];
  test.each(cases)('$rule of $states is $result', ({ rule, states, result }) => {
    expect(combineChecks(rule, icmp(states.length), states)).toBe(result);
  });

  const mixed: [says: string, checks: [CheckKind, State][], result: State][] = [
    [
      'an agent in trouble degrades what ICMP reaches',
      [
        ['icmp', 'up'],
        ['snmp', 'down'],
      ],
      'degraded',
    ],
    [
      'also one that answers badly',
      [
        ['icmp', 'up'],
        ['snmp', 'degraded'],
      ],
      'degraded',
    ],
    [
      'nobody asks the agent',
      [
        ['icmp', 'up'],
        ['snmp', 'unknown'],
      ],
      'up',
    ],
    [
      'an agent does not make up for silence',
      [
        ['icmp', 'down'],
        ['snmp', 'up'],
      ],
      'down',
    ],
    [
      'nor for nobody looking',
      [
        ['icmp', 'unknown'],
        ['snmp', 'up'],
      ],
      'unknown',
    ],
    [
      'nor does its trouble make it down',
      [
        ['icmp', 'unknown'],
        ['snmp', 'down'],
      ],
      'unknown',
    ],
    ['a device without addresses to ping is what its agent says', [['snmp', 'down']], 'down'],
    [
      'both ends up',
      [
        ['interface', 'up'],
        ['interface', 'up'],
      ],
      'up',
    ],
    [
      'one end down',
      [
        ['interface', 'up'],
        ['interface', 'down'],
      ],
      'down',
    ],
    [
      'one end down, the other not known',
      [
        ['interface', 'unknown'],
        ['interface', 'down'],
      ],
      'down',
    ],
    [
      'one end not known',
      [
        ['interface', 'up'],
        ['interface', 'unknown'],
      ],
      'unknown',
    ],
    [
      'one end degraded',
      [
        ['interface', 'up'],
        ['interface', 'degraded'],
      ],
      'degraded',
    ],
    [
      'ICMP does not outvote an end',
      [
        ['icmp', 'up'],
        ['interface', 'down'],
        ['interface', 'up'],
      ],
      'down',
    ],
    [
      'ICMP decides what ends do not tell',
      [
        ['icmp', 'up'],
        ['interface', 'unknown'],
        ['interface', 'up'],
      ],
      'up',
    ],
    [
      'either way',
      [
        ['icmp', 'down'],
        ['interface', 'unknown'],
        ['interface', 'unknown'],
      ],
      'down',
    ],
    [
      'nothing gets through between ends that are up',
      [
        ['icmp', 'down'],
        ['interface', 'up'],
        ['interface', 'up'],
      ],
      'down',
    ],
    [
      'ends tell what ICMP does not',
      [
        ['icmp', 'unknown'],
        ['interface', 'up'],
        ['interface', 'up'],
      ],
      'up',
    ],
    [
      'degraded by an end',
      [
        ['icmp', 'up'],
        ['interface', 'degraded'],
        ['interface', 'up'],
      ],
      'degraded',
    ],
  ];
  test.each(mixed)('%s', (_, checks, result) => {
    expect(
      combineChecks(
        'any',
        checks.map(([kind]) => kind),
        checks.map(([, state]) => state),
      ),
    ).toBe(result);
  });

  test('a better check never makes an object worse', () => {
    const rank = { down: 0, degraded: 1, up: 2 } as const;
    const known = fc.constantFrom('up' as const, 'degraded' as const, 'down' as const);
    const check = fc.tuple(fc.constantFrom(...CHECK_KINDS), known, known);
    fc.assert(
      fc.property(fc.constantFrom(...SERVING_RULES), fc.array(check, { minLength: 1, maxLength: 5 }), (rule, checks) => {
        const kinds = checks.map(([kind]) => kind);
        const lower = checks.map(([, a, b]) => (rank[a] <= rank[b] ? a : b));
        const higher = checks.map(([, a, b]) => (rank[a] <= rank[b] ? b : a));
        const [worse, better] = [combineChecks(rule, kinds, lower), combineChecks(rule, kinds, higher)];
        expect([worse, better]).not.toContain('unknown');
        expect(rank[worse as keyof typeof rank]).toBeLessThanOrEqual(rank[better as keyof typeof rank]);
      }),
    );
  });
});

describe('objectTransitions', () => {
  const change = (from: State, to: State, earliest: number, latest: number): Transition => ({
    from,
    to,
    edge: edgeBetween(earliest, latest),
    reason: 'no-reply',
    decidedAt: latest,
  });

  test('found in the wrong order, told in the order of their edges', () => {
    const result = objectTransitions(
      object('any', 2),
      ['up', 'up'],
      [
        { check: 0, transition: change('up', 'down', 400, 600) },
        { check: 1, transition: change('up', 'down', 200, 400) },
      ],
      { state: 'up', notBefore: 0 },
    );
    expect(result.map((item) => [item.from, item.to, item.edge.at])).toEqual([
      ['up', 'degraded', 300],
      ['degraded', 'down', 500],
    ]);
  });

  test('a change that does not move the object says nothing', () => {
    expect(
      objectTransitions(object('all', 2), ['down', 'up'], [{ check: 1, transition: change('up', 'down', 1, 2) }], {
        state: 'down',
        notBefore: 0,
      }),
    ).toEqual([]);
  });

  test('a late finding never moves behind what was said, but keeps its bounds', () => {
    const [moved] = objectTransitions(object('any', 2), ['down', 'up'], [{ check: 1, transition: change('up', 'down', 100, 200) }], {
      state: 'degraded',
      notBefore: 300,
    });
    expect(moved?.edge).toEqual({ at: 300, earliest: 100, latest: 300 });
  });

  test('a late finding that moves nothing says that its edge is open: the time before what was said is not surely what was said of it', () => {
    const said = objectTransitions(object('all', 2), ['down', 'up'], [{ check: 1, transition: change('up', 'unknown', 100, 200) }], {
      state: 'down',
      notBefore: 300,
    });
    expect(said.map(({ from, to, edge, reason }) => [from, to, edge, reason])).toEqual([
      ['down', 'unknown', { earliest: 100, at: 300, latest: 300 }, 'edges-overlap'],
      ['unknown', 'down', { earliest: 100, at: 300, latest: 300 }, 'edges-overlap'],
    ]);
  });

  test('checks lost and seen again together, at one moment, were lost together', () => {
    const lost = (check: number) => [
      { check, transition: change('up', 'unknown', 50, 50) },
      { check, transition: change('unknown', 'up', 50, 50) },
    ];
    const said = objectTransitions(object('any', 2), ['up', 'up'], [...lost(0), ...lost(1)], { state: 'up', notBefore: 0 });
    expect(said.map(({ to }) => to)).toEqual(['unknown', 'up']);
  });

  test('a check seen and lost again at one moment is lost: its own order holds', () => {
    const changes = [
      { check: 1, transition: change('down', 'up', 50, 50) },
      { check: 1, transition: change('up', 'unknown', 50, 50) },
    ];
    const said = objectTransitions(object('all', 2), ['up', 'down'], changes, { state: 'down', notBefore: 0 });
    expect(said.map(({ to }) => to)).toEqual(['up', 'unknown']);
  });

  test('the reason is that of the check that moved it', () => {
    const wrongKey: Transition = { ...change('up', 'down', 100, 200), reason: 'wrong-key' };
    const kinds: CheckKind[] = ['icmp', 'snmp'];
    const [degraded] = objectTransitions({ servingRule: 'any', kinds }, ['up', 'up'], [{ check: 1, transition: wrongKey }], {
      state: 'up',
      notBefore: 0,
    });
    expect(degraded).toMatchObject({ to: 'degraded', reason: 'wrong-key' });
  });

  test('whatever changes come, edges are in order, each begins where the last ended, and the last is what the checks say', () => {
    const state = fc.constantFrom<State>('up', 'degraded', 'down', 'unknown');
    const changes = fc.array(fc.record({ check: fc.nat(2), to: state, at: fc.nat(1_000) }), { maxLength: 12 });
    const given = fc.tuple(fc.constantFrom(...SERVING_RULES), fc.tuple(state, state, state), changes, fc.nat(500));
    fc.assert(
      fc.property(
        given,
        fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(...CHECK_KINDS))),
        ([servingRule, states, list, notBefore], kinds) => {
          const now = [...states];
          const ordered = list.sort((a, b) => a.at - b.at);
          const transitions = ordered.map(({ check, to, at }) => {
            const transition = { ...change(now[check] as State, to, at, at), to };
            now[check] = to;
            return { check, transition };
          });
          const before = combineChecks(servingRule, kinds, states);
          const result = objectTransitions({ servingRule, kinds }, states, transitions, { state: before, notBefore });
          let [last, edge] = [before, notBefore];
          for (const item of result) {
            expect(item.from).toBe(last);
            expect(item.to).not.toBe(item.from);
            expect(item.edge.at).toBeGreaterThanOrEqual(edge);
            [last, edge] = [item.to, item.edge.at];
          }
          expect(last).toBe(combineChecks(servingRule, kinds, now));
        },
      ),
    );
  });
});

describe('ids and divisions', () => {
  test('the partition of an object is fixed for ever', () => {
    expect(['centre:bj-pe1', 'centre:gd-pe1', 'gd:unit-440100-001', ''].map((id) => partitionOf(id, 8))).toEqual([3, 4, 4, 5]);
    const spread = new Array<number>(8).fill(0);
    for (let i = 0; i < 8_000; i++) {
      const partition = partitionOf(`centre:device-${i}`, 8);
      spread[partition] = (spread[partition] ?? 0) + 1;
    }
    for (const count of spread) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });

  test.each([
    ['', 'cn.gd', true],
    ['cn', 'cn.gd.guangzhou', true],
    ['cn.gd', 'cn.gd', true],
    ['cn.g', 'cn.gd', false],
    ['cn.gd.guangzhou', 'cn.gd', false],
  ])('scope "%s" covers "%s": %s', (scope, division, covered) => {
    expect(divisionCovers(scope, division)).toBe(covered);
  });
});

describe('intervals', () => {
  test('union, intersect, subtract', () => {
    const a = union([
      { from: 5, to: 9 },
      { from: 1, to: 3 },
      { from: 3, to: 4 },
      { from: 8, to: 10 },
      { from: 7, to: 7 },
    ]);
    expect(a).toEqual([
      { from: 1, to: 4 },
      { from: 5, to: 10 },
    ]);
    expect(intersect(a, [{ from: 2, to: 6 }])).toEqual([
      { from: 2, to: 4 },
      { from: 5, to: 6 },
    ]);
    expect(
      subtract(a, [
        { from: 2, to: 6 },
        { from: 9, to: 20 },
      ]),
    ).toEqual([
      { from: 1, to: 2 },
      { from: 6, to: 9 },
    ]);
  });
});

describe('local days', () => {
  test('Shanghai days begin at 16:00 UTC', () => {
    expect(new Date(startOfLocalDate('2026-11-22', 'Asia/Shanghai')).toISOString()).toBe('2026-11-21T16:00:00.000Z');
    const from = Date.parse('2026-11-20T20:00:00Z');
    expect(wholeDays(from, from + 3 * 86_400_000, 'Asia/Shanghai').map((day) => day.day)).toEqual(['2026-11-22', '2026-11-23']);
  });

  test('a day when clocks change has 23 or 25 hours', () => {
    const hours = wholeDays(Date.parse('2026-03-28T00:00:00Z'), Date.parse('2026-03-31T12:00:00Z'), 'Europe/Paris').map(
      (day) => (day.to - day.from) / 3_600_000,
    );
    expect(hours).toContain(23);
  });

  test('an unknown time zone is an error', () => {
    expect(() => wholeDays(0, 1, 'Asia/Nowhere')).toThrow(RangeError);
  });
});
