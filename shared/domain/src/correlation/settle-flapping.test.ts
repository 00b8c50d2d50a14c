import { describe, expect, it } from 'vitest';
import type { State } from '../state.ts';
import { Scenario } from './scenario.fixture.ts';
import { forgetFlapping, nextSteady, restoreFlapping } from './settle-flapping.ts';

const ROUND = 10_000;

/** Goes down and up again, a change each round from `from` on; what was said of flapping, with when. */
function comeAndGo(scenario: Scenario, object: string, from: number, changes: number, bad: State = 'down'): string[] {
  const said: string[] = [];
  for (let n = 0; n < changes; n++) {
    const at = from + n * ROUND;
    const effects = scenario.goes(object, n % 2 === 0 ? bad : 'up', at);
    said.push(...effects.filter((effect) => effect.startsWith('flapping')).map((effect) => `${n + 1}: ${effect}`));
  }
  return said;
}

describe('an object that comes and goes', () => {
  const own = () => new Scenario({ p: { round: ROUND } });

  it('is said to flap once, at the change that makes it 30% of its last 20 rounds', () => {
    expect(comeAndGo(own(), 'p', 100_000, 14)).toEqual(['6: flapping p begins critical: 6 changes, 34%']);
  });

  it('is steady again by time alone when less than 25% is left, with no more changes', () => {
    const scenario = own();
    comeAndGo(scenario, 'p', 100_000, 8);
    const at = nextSteady(scenario.world) ?? 0;
    expect(at).toBeGreaterThan(170_000 + 9 * ROUND);
    expect(scenario.waits(at - 1)).toEqual([]);
    expect(scenario.waits(at)).toEqual(['flapping p ends: steady']);
    expect(nextSteady(scenario.world)).toBeNull();
  });

  it('is not said to flap for a slow change, nor without a round', () => {
    const slow = own();
    for (let n = 0; n < 30; n++)
      expect(slow.goes('p', n % 2 === 0 ? 'down' : 'up', 100_000 + n * 4 * ROUND).join()).not.toContain('flapping');
    expect(comeAndGo(new Scenario({ p: {} }), 'p', 100_000, 30)).toEqual([]);
  });

  it('keeps its outages in the record meanwhile', () => {
    const scenario = own();
    comeAndGo(scenario, 'p', 100_000, 8);
    expect(scenario.goes('p', 'down', 180_000)).toEqual(['open p critical: no-parents']);
    expect(scenario.goes('p', 'up', 190_000)).toEqual(['resolve p: serves']);
  });

  it('does not flap for what its parent does: behind a parent that comes and goes only that one does', () => {
    const scenario = new Scenario({ p: { round: ROUND }, c: { of: ['p'], round: ROUND } });
    const said: string[] = [];
    for (let n = 0; n < 12; n++) {
      const at = 100_000 + n * ROUND;
      const state = n % 2 === 0 ? 'down' : 'up';
      said.push(...scenario.goes('p', state, at), ...scenario.goes('c', state, at + 500));
    }
    expect(said.filter((effect) => effect.startsWith('flapping'))).toEqual(['flapping p begins critical: 6 changes, 34%']);
    expect(said.filter((effect) => effect.startsWith('open c'))).toEqual([]);
  });

  it('says so again, louder, when it no longer only degrades', () => {
    const scenario = own();
    expect(comeAndGo(scenario, 'p', 100_000, 6, 'degraded')).toEqual(['6: flapping p begins warning: 6 changes, 34%']);
    scenario.goes('p', 'degraded', 160_000);
    expect(scenario.goes('p', 'down', 161_000)).toEqual(['escalate p critical', 'flapping p critical']);
  });

  it.each([
    ['it leaves the inventory', {}, 'retired'],
    ['nobody watches it any more', { p: { round: ROUND, quiet: true as const } }, 'unwatched'],
  ] as const)('ends when %s', (_name, inventory, reason) => {
    const scenario = own();
    comeAndGo(scenario, 'p', 100_000, 8);
    expect(scenario.inventory(inventory, 200_000)).toEqual([`flapping p ends: ${reason}`]);
  });

  it('takes as many changes again after a person ended it', () => {
    const scenario = own();
    comeAndGo(scenario, 'p', 100_000, 8);
    forgetFlapping(scenario.world, 'F(p)');
    expect(comeAndGo(scenario, 'p', 180_000, 6)).toEqual(['6: flapping p begins critical: 6 changes, 34%']);
  });

  it('goes on after a restart, and ends by time', () => {
    const before = own();
    comeAndGo(before, 'p', 100_000, 8);
    const after = own();
    restoreFlapping(after.world, [{ object: 'p', incident: 'F(p)', severity: 'critical' }], before.world.changes, 171_000);
    expect(nextSteady(after.world)).toBe(nextSteady(before.world));
    expect(after.goes('p', 'down', 180_000)).toEqual(['open p critical: no-parents']);
    const at = nextSteady(after.world) ?? 0;
    expect(after.waits(at)).toEqual(['flapping p ends: steady']);
  });

  it('is seen in the changes of before a restart', () => {
    const before = own();
    comeAndGo(before, 'p', 100_000, 5);
    const after = own();
    after.goes('p', 'down', 100_000);
    restoreFlapping(after.world, [], before.world.changes, 141_000);
    expect(after.goes('p', 'up', 150_000)).toContain('flapping p begins critical: 6 changes, 34%');
  });
});
