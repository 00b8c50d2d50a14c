/** What users of other monitors have asked for over the years (peers.md, 1, 2, 4 and 5), each by its number there. */
import { describe, expect, it } from 'vitest';
import { Scenario, type Sketch } from './scenario.fixture.ts';

const CHILDREN = Array.from({ length: 1_000 }, (_, n) => `c${n}`);
const CUT: Readonly<Record<string, Sketch>> = { p: {}, ...Object.fromEntries(CHILDREN.map((id) => [id, { of: ['p'] }])) };
const CHAIN = { g: {}, p: { of: ['g'] }, c: { of: ['p'] } };

/** What people would be told of: incidents opened, escalated and resolved, those for the record alone left out. */
function told(effects: readonly string[]): string[] {
  return effects.filter((effect) => /^(open|escalate|resolve) /.test(effect) && !effect.endsWith('(silent)'));
}

describe('complaints about other monitors', () => {
  it('uptime-kuma 1089, librenms 3293: one cut is one alarm, though a thousand lie behind it', () => {
    const scenario = new Scenario(CUT);
    const effects = scenario.goes('p', 'down', 2_000);
    for (const id of CHILDREN) effects.push(...scenario.goes(id, 'down', 2_500));
    effects.push(...scenario.goes('p', 'up', 9_000));
    for (const id of CHILDREN) effects.push(...scenario.goes(id, 'up', 9_500));
    expect(told(effects)).toEqual(['open p critical: no-parents', 'resolve p: serves']);
  });

  it('librenms 8353, icinga2 8201: children polled before their parent do not alarm before it is known dead', () => {
    const scenario = new Scenario(CUT);
    const effects: string[] = [];
    for (const id of CHILDREN) effects.push(...scenario.goes(id, 'down', 2_000));
    expect(told(effects)).toEqual([]);
    expect(told(scenario.goes('p', 'down', 6_900))).toEqual(['open p critical: no-parents']);
    expect(scenario.world.pending.size).toBe(0);
  });

  it('librenms 8353, over more levels: the child first, the parent next, the one to blame last', () => {
    const scenario = new Scenario(CHAIN);
    const effects = [...scenario.goes('c', 'down', 2_000), ...scenario.goes('p', 'down', 2_500), ...scenario.goes('g', 'down', 3_000)];
    expect(told(effects)).toEqual(['open g critical: no-parents']);
  });

  it.each([
    ['any of two', ['a', 'b'], 'any', ['a'], false],
    ['any of two', ['a', 'b'], 'any', ['a', 'b'], true],
    ['all of two', ['a', 'b'], 'all', ['b'], true],
    ['two of three', ['a', 'b', 'd'], 2, ['a'], false],
    ['two of three', ['a', 'b', 'd'], 2, ['a', 'd'], true],
    ['three of four', ['a', 'b', 'd', 'e'], 3, ['a'], false],
    ['three of four', ['a', 'b', 'd', 'e'], 3, ['a', 'e'], true],
  ] as const)('icinga2 1869, icinga2 10014: %s parents %j (%s) with %j dead explain the child: %s', (_name, of, rule, dead, explained) => {
    const parents = Object.fromEntries(of.map((id) => [id, {}]));
    const scenario = new Scenario({ ...parents, c: { of, rule } });
    for (const id of dead) scenario.goes(id, 'down', 2_000);
    for (const id of of) if (!(dead as readonly string[]).includes(id)) scenario.looked(id, 'up', 3_000);
    const effects = scenario.goes('c', 'down', 2_900);
    expect(told(effects)).toEqual(explained ? [] : ['open c critical: parents-serve']);
  });

  it('icinga2 10014: redundant parents over a site without checks, a circuit and a device count like any other', () => {
    const scenario = new Scenario({
      d: {},
      circuit: { of: ['d'] },
      other: {},
      site: { of: ['circuit', 'other'], unmonitored: true },
      c: { of: ['site'] },
    });
    const effects = [
      ...scenario.goes('d', 'down', 2_000),
      ...scenario.goes('circuit', 'down', 2_100),
      ...scenario.goes('other', 'down', 5_000),
      ...scenario.goes('c', 'down', 5_100),
    ];
    expect(told(effects)).toEqual(['open d critical: no-parents', 'open other critical: no-parents']);
    expect(effects.at(-1)).toBe('join I(other): c');
  });

  it('librenms 20359: what was withheld is never lost: the parent is back, the child is not, the child alarms', () => {
    const scenario = new Scenario({ p: {}, c: { of: ['p'] } });
    scenario.goes('p', 'down', 2_000);
    scenario.goes('c', 'down', 2_500);
    expect(told(scenario.goes('p', 'up', 9_000))).toEqual(['resolve p: serves']);
    expect(told(scenario.looked('c', 'down', 9_500))).toEqual([]);
    expect(told(scenario.looked('p', 'up', 9_600))).toEqual(['open c critical: parents-serve']);
  });

  it('librenms 20359: it alarms also when nobody looks at anything any more', () => {
    const scenario = new Scenario({ p: {}, c: { of: ['p'] } });
    scenario.goes('p', 'down', 2_000);
    scenario.goes('c', 'down', 2_500);
    scenario.goes('p', 'up', 9_000);
    expect(told(scenario.waits(69_000))).toEqual(['open c critical: look-unanswered']);
  });

  it('the race at the restoration (measured in Icinga: a false DOWN 8 s after it): nobody is told who was not looked at anew', () => {
    const scenario = new Scenario(CUT);
    scenario.goes('p', 'down', 2_000);
    for (const id of CHILDREN) scenario.goes(id, 'down', 2_500);
    const effects = scenario.goes('p', 'up', 9_000);
    // The state of before is what is known of them until they are seen: at 17 s, as in the measurement.
    effects.push(...scenario.waits(17_000));
    for (const id of CHILDREN) effects.push(...scenario.goes(id, 'up', 17_500));
    expect(told(effects)).toEqual(['resolve p: serves']);
    expect(scenario.world.pending.size + scenario.world.symptomOf.size).toBe(0);
  });

  it('the race at the restoration over more levels: each waits for what is above it, and only what stays down is told', () => {
    const scenario = new Scenario({ ...CHAIN, d: { of: ['p'] } });
    scenario.goes('g', 'down', 2_000);
    for (const id of ['p', 'c', 'd']) scenario.goes(id, 'down', 2_500);
    const effects = [...scenario.goes('g', 'up', 9_000), ...scenario.goes('p', 'up', 9_300), ...scenario.goes('c', 'up', 9_600)];
    effects.push(...scenario.looked('d', 'down', 9_700), ...scenario.looked('p', 'up', 9_800));
    expect(told(effects)).toEqual(['resolve g: serves', 'open d critical: parents-serve']);
  });

  it('nightingale 2829: 600 hosts nobody sees for a while are neither lost nor recovered', () => {
    const hosts = CHILDREN.slice(0, 600);
    const scenario = new Scenario({ ...CUT });
    const effects: string[] = [];
    for (const id of ['p', ...hosts]) effects.push(...scenario.goes(id, 'unknown', 2_000));
    for (const id of ['p', ...hosts]) effects.push(...scenario.goes(id, 'up', 60_000));
    expect(told([...effects, ...scenario.waits(120_000)])).toEqual([]);
  });

  it('icinga2 5381: a cause nobody sees any more is neither green nor over, and goes on to explain what hangs on it', () => {
    const scenario = new Scenario({ p: {}, c: { of: ['p'] } });
    scenario.goes('p', 'down', 2_000);
    const effects = [...scenario.goes('p', 'unknown', 5_000), ...scenario.goes('c', 'down', 6_000), ...scenario.waits(600_000)];
    expect(told(effects)).toEqual([]);
    expect(scenario.world.symptomOf.get('c')).toBe('I(p)');
    expect(told(scenario.goes('p', 'up', 601_000))).toEqual(['resolve p: serves']);
  });

  it('icinga2 7704, 10425, nightingale 2829: what is read at once after a long cut is all recorded, and only what goes on is told', () => {
    const scenario = new Scenario({ ...CUT, z: {} });
    const effects: string[] = [];
    // Read in one go: a thousand outages that are over by now, and one that is not.
    for (const id of CHILDREN) effects.push(...scenario.see(id, 'down', 2_000), ...scenario.see(id, 'up', 300_000));
    effects.push(...scenario.goes('z', 'down', 3_000), ...scenario.settle(600_000), ...scenario.waits(700_000));
    expect(told(effects)).toEqual(['open z critical: no-parents']);
    expect(effects.filter((effect) => effect.startsWith('open c') && effect.endsWith('(silent)'))).toHaveLength(CHILDREN.length);
    expect(effects.filter((effect) => effect.startsWith('resolve c') && effect.endsWith('(silent)'))).toHaveLength(CHILDREN.length);
  });

  it('Icinga measured: in at 30%, out at 25% of the weighted last 20 rounds, told once', () => {
    const scenario = new Scenario({ p: { round: 1_000 } });
    const effects: string[] = [];
    for (let n = 0; n < 40; n++) effects.push(...scenario.goes('p', n % 2 === 0 ? 'down' : 'up', 100_000 + n * 1_000));
    for (let now = 140_000; now < 200_000; now += 1_000) effects.push(...scenario.waits(now));
    expect(effects.filter((effect) => effect.startsWith('flapping'))).toEqual([
      'flapping p begins critical: 6 changes, 34%',
      'flapping p ends: steady',
    ]);
  });
});
