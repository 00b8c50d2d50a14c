import { describe, expect, it } from 'vitest';
import type { State } from '../state.ts';
import { Scenario, type Sketch } from './scenario.fixture.ts';
import { nextDeadline } from './settle.ts';
import { touchUnplaced } from './world.ts';

type Step =
  | readonly [object: string, to: State, at: number, ...expected: string[]]
  | readonly [what: 'looked', object: string, state: State, at: number, ...expected: string[]]
  | readonly [what: 'waits', now: number, ...expected: string[]];

interface Case {
  readonly name: string;
  readonly objects: Readonly<Record<string, Sketch>>;
  readonly steps: readonly Step[];
}

function take(scenario: Scenario, step: Step): { got: string[]; expected: string[] } {
  if (step[0] === 'looked') {
    const [, object, state, at, ...expected] = step as readonly ['looked', string, State, number, ...string[]];
    return { got: scenario.looked(object, state, at), expected };
  }
  if (step[0] === 'waits') {
    const [, now, ...expected] = step as readonly ['waits', number, ...string[]];
    return { got: scenario.waits(now), expected };
  }
  const [object, to, at, ...expected] = step as readonly [string, State, number, ...string[]];
  return { got: scenario.goes(object, to, at), expected };
}

const CHAIN = { g: {}, p: { of: ['g'] }, c: { of: ['p'] } };
const PAIR = { p: {}, c: { of: ['p'] } };
const REDUNDANT = { a: {}, b: {}, c: { of: ['a', 'b'] } };

const DUAL = { a: {}, b: {}, line: { of: ['a', 'b'], composite: true }, u: { of: ['line'] } } as const;

const CASES: readonly Case[] = [
  {
    name: 'a composite that lost its redundancy joins the incident of the uplink, and tells nobody of its own',
    objects: DUAL,
    steps: [
      ['a', 'down', 2_000, 'open a critical: no-parents'],
      ['line', 'degraded', 2_000, 'join I(a): line'],
      ['a', 'up', 9_000, 'resolve a: serves', 'pend line: own-look by 24000', 'look line>=9000'],
      ['line', 'up', 9_000, 'leave I(a): line (serves)', 'unpend line'],
    ],
  },
  {
    name: 'a composite whose uplinks are lost one by one joins the one that broke it, and what hangs on it with it',
    objects: DUAL,
    steps: [
      ['a', 'down', 2_000, 'open a critical: no-parents'],
      ['line', 'degraded', 2_000, 'join I(a): line'],
      ['b', 'down', 5_000, 'open b critical: no-parents'],
      ['line', 'down', 5_000, 'leave I(a): line (behind-another-cause)', 'join I(b): line'],
      ['u', 'down', 5_100, 'join I(b): u'],
    ],
  },
  {
    name: 'one cut of both uplinks of a composite is one incident where they hang on one device',
    objects: { d: {}, a: { of: ['d'] }, b: { of: ['d'] }, line: { of: ['a', 'b'], composite: true } },
    steps: [
      ['d', 'down', 2_000, 'open d critical: no-parents'],
      ['a', 'down', 2_100, 'join I(d): a'],
      ['b', 'down', 2_200, 'join I(d): b'],
      ['line', 'down', 2_200, 'join I(d): line'],
    ],
  },
  {
    name: 'without parents it alarms at once and recovers at once',
    objects: { p: {} },
    steps: [
      ['p', 'down', 2_000, 'open p critical: no-parents'],
      ['p', 'up', 9_000, 'resolve p: serves'],
    ],
  },
  {
    name: 'a child that goes down while its parent is known dead joins its incident and tells nobody',
    objects: PAIR,
    steps: [
      ['p', 'down', 2_000, 'open p critical: no-parents'],
      ['c', 'down', 2_500, 'join I(p): c'],
    ],
  },
  {
    name: 'race at the cut: the child polled first waits for the fresh look and joins',
    objects: PAIR,
    steps: [
      ['c', 'down', 2_000, 'pend c: parent-look by 7000', 'look p>=2000'],
      ['p', 'down', 2_400, 'open p critical: no-parents', 'join I(p): c', 'unpend c'],
    ],
  },
  {
    name: 'the fresh look shows the parent serving: the child alarms at once',
    objects: PAIR,
    steps: [
      ['c', 'down', 2_000, 'pend c: parent-look by 7000', 'look p>=2000'],
      ['looked', 'p', 'up', 2_100, 'open c critical: parents-serve', 'unpend c'],
    ],
  },
  {
    name: 'a look from before the child was seen down proves nothing',
    objects: PAIR,
    steps: [
      ['c', 'down', 2_000, 'pend c: parent-look by 7000', 'look p>=2000'],
      ['looked', 'p', 'up', 1_999],
      ['looked', 'p', 'up', 2_000, 'open c critical: parents-serve', 'unpend c'],
    ],
  },
  {
    name: 'a look nobody answers: the child alarms when its time is over',
    objects: PAIR,
    steps: [
      ['c', 'down', 2_000, 'pend c: parent-look by 7000', 'look p>=2000'],
      ['waits', 6_999],
      ['waits', 7_000, 'open c critical: look-unanswered', 'unpend c'],
    ],
  },
  {
    name: 'race at the restoration: the child is looked at anew and leaves silently',
    objects: PAIR,
    steps: [
      ['p', 'down', 2_000, 'open p critical: no-parents'],
      ['c', 'down', 2_500, 'join I(p): c'],
      ['p', 'up', 9_000, 'resolve p: serves', 'pend c: own-look by 24000', 'look c>=9000'],
      ['c', 'up', 9_800, 'leave I(p): c (serves)', 'unpend c'],
    ],
  },
  {
    name: 'still down after the return of its parent: it alarms on its own, after the parent was seen serving since',
    objects: PAIR,
    steps: [
      ['p', 'down', 2_000, 'open p critical: no-parents'],
      ['c', 'down', 2_500, 'join I(p): c'],
      ['p', 'up', 9_000, 'resolve p: serves', 'pend c: own-look by 24000', 'look c>=9000'],
      ['looked', 'c', 'down', 9_500, 'pend c: parent-look by 14500', 'look p>=9500'],
      ['looked', 'p', 'up', 9_600, 'open c critical: parents-serve', 'leave I(p): c (alerts-on-its-own)', 'unpend c'],
    ],
  },
  {
    name: 'an answer that the state does not yet follow (hysteresis) asks for another look instead of an alarm',
    objects: PAIR,
    steps: [
      ['p', 'down', 2_000, 'open p critical: no-parents'],
      ['c', 'down', 2_500, 'join I(p): c'],
      ['p', 'up', 9_000, 'resolve p: serves', 'pend c: own-look by 24000', 'look c>=9000'],
      ['looked', 'c', 'up', 9_500, 'pend c: own-look by 24500', 'look c>=9000'],
      ['c', 'up', 10_500, 'leave I(p): c (serves)', 'unpend c'],
    ],
  },
  {
    name: 'the parent is cut again before the child was looked at: it joins the new incident',
    objects: PAIR,
    steps: [
      ['p', 'down', 2_000, 'open p critical: no-parents'],
      ['c', 'down', 2_500, 'join I(p): c'],
      ['p', 'up', 9_000, 'resolve p: serves', 'pend c: own-look by 24000', 'look c>=9000'],
      ['p', 'down', 9_500, 'open p critical: no-parents', 'leave I(p): c (behind-another-cause)', 'join I(p)#2: c', 'unpend c'],
    ],
  },
  {
    name: 'multi-level cut, seen from below: one incident, on the topmost dead object',
    objects: CHAIN,
    steps: [
      ['c', 'down', 2_000, 'pend c: parent-look by 7000', 'look p>=2000'],
      ['p', 'down', 2_100, 'pend p: parent-look by 7100', 'pend c: parent-decision by 62000', 'look g>=2100'],
      ['g', 'down', 2_200, 'open g critical: no-parents', 'join I(g): p c', 'unpend p c'],
    ],
  },
  {
    name: 'multi-level return: each waits for what is above it, and nobody is told falsely',
    objects: CHAIN,
    steps: [
      ['g', 'down', 2_000, 'open g critical: no-parents'],
      ['p', 'down', 2_100, 'join I(g): p'],
      ['c', 'down', 2_200, 'join I(g): c'],
      ['g', 'up', 9_000, 'resolve g: serves', 'pend p: own-look by 24000', 'pend c: parent-decision by 69000', 'look p>=9000'],
      ['p', 'up', 9_300, 'leave I(g): p (serves)', 'pend c: own-look by 24300', 'unpend p', 'look c>=9300'],
      ['c', 'up', 9_600, 'leave I(g): c (serves)', 'unpend c'],
    ],
  },
  {
    name: 'the grandparent returns but the parent does not: the parent alarms, its child joins it',
    objects: CHAIN,
    steps: [
      ['g', 'down', 2_000, 'open g critical: no-parents'],
      ['p', 'down', 2_100, 'join I(g): p'],
      ['c', 'down', 2_200, 'join I(g): c'],
      ['g', 'up', 9_000, 'resolve g: serves', 'pend p: own-look by 24000', 'pend c: parent-decision by 69000', 'look p>=9000'],
      ['looked', 'p', 'down', 9_300, 'pend p: parent-look by 14300', 'look g>=9300'],
      [
        'looked',
        'g',
        'up',
        9_400,
        'open p critical: parents-serve',
        'leave I(g): p (alerts-on-its-own)',
        'leave I(g): c (behind-another-cause)',
        'join I(p): c',
        'unpend p c',
      ],
    ],
  },
  {
    name: 'a child that is back before its parent leaves silently; if it goes down again it joins again',
    objects: PAIR,
    steps: [
      ['p', 'down', 2_000, 'open p critical: no-parents'],
      ['c', 'down', 2_500, 'join I(p): c'],
      ['c', 'up', 4_000, 'leave I(p): c (serves)'],
      ['c', 'down', 5_000, 'join I(p): c'],
    ],
  },
  {
    name: 'redundant parents lost one by one: the child goes down with the last and joins it',
    objects: REDUNDANT,
    steps: [
      ['a', 'down', 2_000, 'open a critical: no-parents'],
      ['b', 'down', 5_000, 'open b critical: no-parents'],
      ['c', 'down', 5_100, 'join I(b): c'],
    ],
  },
  {
    name: 'one of redundant parents dead does not excuse the child',
    objects: REDUNDANT,
    steps: [
      ['a', 'down', 2_000, 'open a critical: no-parents'],
      ['c', 'down', 5_100, 'pend c: parent-look by 10100', 'look b>=5100'],
      ['looked', 'b', 'up', 5_200, 'open c critical: parents-serve', 'unpend c'],
    ],
  },
  {
    name: 'one of redundant parents returns and the child does not: it alarms though the other parent is still dead',
    objects: REDUNDANT,
    steps: [
      ['a', 'down', 2_000, 'open a critical: no-parents'],
      ['b', 'down', 5_000, 'open b critical: no-parents'],
      ['c', 'down', 5_100, 'join I(b): c'],
      ['a', 'up', 8_000, 'resolve a: serves', 'pend c: own-look by 23000', 'look c>=8000'],
      ['looked', 'c', 'down', 8_300, 'pend c: parent-look by 13300', 'look a>=8300'],
      ['looked', 'a', 'up', 8_300, 'open c critical: parents-serve', 'leave I(b): c (alerts-on-its-own)', 'unpend c'],
    ],
  },
  {
    name: 'parents in series: the first lost is the cause; when it returns and another is still dead, the child joins that one',
    objects: { a: {}, b: {}, c: { of: ['a', 'b'], rule: 'all' } },
    steps: [
      ['a', 'down', 2_000, 'open a critical: no-parents'],
      ['c', 'down', 2_100, 'join I(a): c'],
      ['b', 'down', 3_000, 'open b critical: no-parents'],
      ['a', 'up', 8_000, 'leave I(a): c (behind-another-cause)', 'join I(b): c', 'resolve a: serves'],
    ],
  },
  {
    name: 'at least two of three: the loss that breaks the rule is the cause',
    objects: { a: {}, b: {}, d: {}, c: { of: ['a', 'b', 'd'], rule: 2 } },
    steps: [
      ['a', 'down', 2_000, 'open a critical: no-parents'],
      ['b', 'down', 3_000, 'open b critical: no-parents'],
      ['c', 'down', 3_100, 'join I(b): c'],
    ],
  },
  {
    name: 'a transparent parent counts by its own parents',
    objects: { a: {}, site: { of: ['a'], unmonitored: true }, c: { of: ['site'] } },
    steps: [
      ['c', 'down', 2_000, 'pend c: parent-look by 7000', 'look a>=2000'],
      ['a', 'down', 2_300, 'open a critical: no-parents', 'join I(a): c', 'unpend c'],
    ],
  },
  {
    name: 'a transparent parent without parents always serves',
    objects: { site: { unmonitored: true }, c: { of: ['site'], class: 'user-access' } },
    steps: [['c', 'down', 2_000, 'open c major: parents-serve']],
  },
  {
    name: 'the cause goes unknown: its incident stays open, said once; children still join; seen up it resolves',
    objects: PAIR,
    steps: [
      ['p', 'down', 2_000, 'open p critical: no-parents'],
      ['p', 'unknown', 4_000, 'note I(p): cause-unknown'],
      ['c', 'down', 4_100, 'join I(p): c'],
      ['p', 'up', 9_000, 'resolve p: serves', 'pend c: own-look by 24000', 'look c>=9000'],
    ],
  },
  {
    name: 'a parent that was fine and is unknown explains nothing: the child alarms when no look is answered',
    objects: PAIR,
    steps: [
      ['p', 'unknown', 1_500],
      ['c', 'down', 2_000, 'pend c: parent-look by 7000', 'look p>=2000'],
      ['waits', 7_000, 'open c critical: look-unanswered', 'unpend c'],
    ],
  },
  {
    name: 'degraded warns; down escalates the same incident; eased again says so and tells nobody',
    objects: { p: { class: 'user-access' } },
    steps: [
      ['p', 'degraded', 2_000, 'open p warning: no-parents'],
      ['p', 'down', 3_000, 'escalate p major'],
      ['p', 'degraded', 4_000, 'note I(p): cause-eased'],
      ['p', 'down', 5_000, 'note I(p): cause-worse'],
      ['p', 'up', 6_000, 'resolve p: serves'],
    ],
  },
  {
    name: 'a cause that serves again, if badly, no longer excuses the children',
    objects: PAIR,
    steps: [
      ['p', 'down', 2_000, 'open p critical: no-parents'],
      ['c', 'down', 2_500, 'join I(p): c'],
      ['p', 'degraded', 4_000, 'note I(p): cause-eased', 'pend c: own-look by 19000', 'look c>=4000'],
    ],
  },
  {
    name: 'a degraded parent excuses a degraded child, not one that is down',
    objects: PAIR,
    steps: [
      ['p', 'degraded', 2_000, 'open p warning: no-parents'],
      ['c', 'degraded', 2_100, 'join I(p): c'],
      ['c', 'down', 3_000, 'pend c: parent-look by 8000', 'look p>=3000'],
      ['looked', 'p', 'degraded', 3_100, 'open c critical: parents-serve', 'leave I(p): c (alerts-on-its-own)', 'unpend c'],
    ],
  },
  {
    name: 'an object with a warning of its own whose parent dies: not escalated until the parent is back and it is not',
    objects: PAIR,
    steps: [
      ['c', 'degraded', 2_000, 'pend c: parent-look by 7000', 'look p>=2000'],
      ['looked', 'p', 'up', 2_100, 'open c warning: parents-serve', 'unpend c'],
      ['p', 'down', 5_000, 'open p critical: no-parents'],
      ['c', 'down', 5_100, 'note I(c): behind-another-cause', 'join I(p): c'],
      ['p', 'up', 9_000, 'resolve p: serves', 'pend c: own-look by 24000', 'look c>=9000'],
      ['looked', 'c', 'down', 9_300, 'pend c: parent-look by 14300', 'look p>=9300'],
      ['looked', 'p', 'up', 9_400, 'escalate c critical', 'leave I(p): c (alerts-on-its-own)', 'unpend c'],
    ],
  },
  {
    name: 'an outage over before it was decided is recorded and not told',
    objects: PAIR,
    steps: [
      ['c', 'down', 2_000, 'pend c: parent-look by 7000', 'look p>=2000'],
      ['c', 'up', 2_200, 'open c critical: over-before-decided (silent)', 'resolve c: over-before-decided (silent)', 'unpend c'],
    ],
  },
];

describe('correlation, step by step', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', (_name, { objects, steps }) => {
    const scenario = new Scenario(objects);
    for (const step of steps) {
      const { got, expected } = take(scenario, step);
      expect(got, `after ${JSON.stringify(step.slice(0, 4))}`).toEqual(expected);
    }
  });
});

describe('correlation of what arrives together', () => {
  it('decides degraded and down in one batch as one alarm', () => {
    const scenario = new Scenario({ p: {} });
    scenario.see('p', 'degraded', 2_000);
    scenario.see('p', 'down', 2_100);
    expect(scenario.settle(2_200)).toEqual(['open p critical: no-parents']);
  });

  it('does not pass over an outage that began and ended in one batch', () => {
    const scenario = new Scenario({ p: {} });
    expect(scenario.see('p', 'down', 2_000)).toEqual([]);
    expect(scenario.see('p', 'up', 3_000)).toEqual(['open p critical: no-parents']);
    expect(scenario.settle(3_100)).toEqual(['resolve p: serves']);
  });

  it('ignores a transition it has seen before', () => {
    const scenario = new Scenario({ p: {} });
    scenario.goes('p', 'down', 2_000);
    const seen = scenario.world.statuses.get('p');
    expect(scenario.settle(2_100)).toEqual([]);
    expect(scenario.world.statuses.get('p')).toBe(seen);
  });

  it('tells the next deadline, and none when nothing is undecided', () => {
    const scenario = new Scenario(PAIR);
    expect(nextDeadline(scenario.world)).toBeNull();
    scenario.goes('c', 'down', 2_000);
    expect(nextDeadline(scenario.world)).toBe(7_000);
  });
});

describe('correlation when the inventory changes', () => {
  it('resolves the incident of a retired cause and looks at its symptoms anew', () => {
    const scenario = new Scenario(CHAIN);
    scenario.goes('p', 'down', 2_000);
    scenario.looked('g', 'up', 2_000);
    scenario.goes('c', 'down', 2_200);
    expect(scenario.inventory({ g: {}, c: { of: ['g'] } }, 5_000)).toEqual([
      'resolve p: retired',
      'pend c: parent-look by 10000',
      'look g>=2200',
    ]);
    expect(scenario.looked('g', 'up', 5_100)).toEqual(['open c critical: parents-serve', 'leave I(p): c (alerts-on-its-own)', 'unpend c']);
  });

  it('lets a retired symptom and a retired undecided outage go', () => {
    const scenario = new Scenario({ p: {}, c: { of: ['p'] }, q: {}, d: { of: ['q'] } });
    scenario.goes('p', 'down', 2_000);
    scenario.goes('c', 'down', 2_100);
    scenario.goes('d', 'down', 2_200);
    expect(scenario.inventory({ p: {}, q: {} }, 3_000)).toEqual(['leave I(p): c (retired)', 'unpend d']);
    expect(scenario.waits(60_000)).toEqual([]);
  });

  it('decides a symptom anew when it no longer hangs on the dead parent', () => {
    const scenario = new Scenario({ p: {}, q: {}, c: { of: ['p'] } });
    scenario.goes('p', 'down', 2_000);
    scenario.goes('c', 'down', 2_100);
    expect(scenario.inventory({ p: {}, q: {}, c: { of: ['q'] } }, 3_000)).toEqual(['pend c: parent-look by 8000', 'look q>=2100']);
    expect(scenario.looked('q', 'up', 3_100)).toEqual(['open c critical: parents-serve', 'leave I(p): c (alerts-on-its-own)', 'unpend c']);
  });

  it('makes an object of its own alarm no symptom when it is put behind a dead parent', () => {
    const scenario = new Scenario({ p: {}, c: {} });
    scenario.goes('c', 'down', 2_000);
    scenario.goes('p', 'down', 2_100);
    expect(scenario.inventory({ p: {}, c: { of: ['p'] } }, 3_000)).toEqual([]);
    expect(scenario.goes('c', 'up', 4_000)).toEqual(['resolve c: serves']);
  });
});

describe('correlation of quiet objects', () => {
  const ports = (quiet: boolean) => ({ device: {}, port: { of: ['device'], ...(quiet ? { quiet: true as const } : {}) } });

  it('opens nothing for them', () => {
    const s = new Scenario(ports(true));
    expect(s.goes('port', 'down', 2_000)).toEqual([]);
    expect(s.goes('port', 'up', 3_000)).toEqual([]);
  });

  it('alarms for one that is bad once it is watched, and ends that when it is quiet again', () => {
    const s = new Scenario(ports(true));
    s.goes('port', 'down', 2_000);
    s.looked('device', 'up', 2_500);
    expect(s.inventory(ports(false), 3_000)).toEqual(['open port critical: parents-serve']);
    expect(s.inventory(ports(true), 4_000)).toEqual(['resolve port: unwatched']);
    expect(s.goes('port', 'up', 5_000)).toEqual([]);
  });

  it('records nothing for one that becomes quiet while it is not decided whose the outage is', () => {
    const s = new Scenario(ports(false));
    expect(s.goes('port', 'down', 2_000)).toContain('look device>=2000');
    expect(s.inventory(ports(true), 3_000)).toEqual(['unpend port']);
  });

  it('lets one leave the incident of its device', () => {
    const s = new Scenario(ports(false));
    s.goes('device', 'down', 2_000);
    expect(s.goes('port', 'down', 2_100)).toEqual(['join I(device): port']);
    expect(s.inventory(ports(true), 3_000)).toEqual(['leave I(device): port (unwatched)']);
  });

  it('looks past them at what they hang on', () => {
    const s = new Scenario({ device: {}, port: { of: ['device'], quiet: true }, site: { of: ['port'] } });
    s.goes('port', 'down', 2_000);
    s.goes('device', 'down', 2_100);
    expect(s.goes('site', 'down', 2_200)).toEqual(['join I(device): site']);
  });

  it('after a restart neither forgets an incident that is to end nor opens one', () => {
    const s = new Scenario(ports(false));
    s.looked('device', 'up', 2_500);
    s.goes('port', 'down', 2_000);
    const quiet = s.world.objects.get('port');
    if (quiet) s.world.objects.set('port', { ...quiet, quiet: true });
    touchUnplaced(s.world);
    expect(s.settle(3_000)).toEqual(['resolve port: unwatched']);
    touchUnplaced(s.world);
    expect(s.settle(4_000)).toEqual([]);
  });
});

describe('correlation in the large', () => {
  /** Loses and regains `count` children behind one parent, the children seen first; returns how long it took, ms. */
  const loseAndRegain = (count: number): number => {
    const children = Array.from({ length: count }, (_, i) => `c${i}`);
    const scenario = new Scenario({ p: {}, ...Object.fromEntries(children.map((id) => [id, { of: ['p'] }])) });
    const startedAt = performance.now();
    for (const id of children) scenario.see(id, 'down', 2_000);
    const lost = scenario.settle(2_100);
    expect(lost.length).toBe(count + 1);
    expect(lost.at(-1)).toBe('look p>=2000');
    const joined = scenario.goes('p', 'down', 2_300);
    expect(joined.map((effect) => effect.slice(0, 14))).toEqual(['open p critica', 'join I(p): c0 ', 'unpend c0 c1 c']);
    expect(scenario.goes('p', 'up', 9_000)[0]).toBe('resolve p: serves');
    for (const id of children) scenario.see(id, 'up', 9_500);
    const left = scenario.settle(9_600);
    expect(left.map((effect) => effect.slice(0, 12))).toEqual(['leave I(p): ', 'unpend c0 c1']);
    expect(scenario.world.pending.size + scenario.world.symptomOf.size + scenario.world.incidents.size).toBe(0);
    return performance.now() - startedAt;
  };

  it('takes 100,000 children behind one parent as one incident, in linear time', { timeout: 60_000 }, () => {
    loseAndRegain(1_000);
    const small = loseAndRegain(10_000);
    // Linear is 10 times as long, quadratic 100 times.
    expect(loseAndRegain(100_000) / small).toBeLessThan(45);
  });
});
