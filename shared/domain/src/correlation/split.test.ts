import { describe, expect, it } from 'vitest';
import { Scenario } from './scenario.fixture.ts';
import { keepApart } from './split.ts';

const CHAIN = { p: {}, c: { of: ['p'] }, d: { of: ['c'] }, e: { of: ['p'] } };

function cut(): Scenario {
  const scenario = new Scenario(CHAIN);
  scenario.goes('p', 'down', 2_000);
  for (const id of ['c', 'd', 'e']) scenario.goes(id, 'down', 2_100);
  return scenario;
}

describe('an incident split by hand', () => {
  it('becomes one of each object named, with what hangs on it, and the rest stays', () => {
    expect(cut().splits('I(p)', ['c'], 3_000)).toEqual([
      'open c critical: split-by-hand',
      'leave I(p): c (split-by-hand)',
      'leave I(p): d (behind-another-cause)',
      'join I(c): d',
    ]);
  });

  it('never has it back while it goes on, and again once it is over', () => {
    const scenario = cut();
    scenario.splits('I(p)', ['e'], 3_000);
    expect(scenario.goes('e', 'up', 4_000)).toEqual(['resolve e: serves']);
    expect(scenario.goes('e', 'down', 5_000)).toEqual(['open e critical: split-by-hand']);
    scenario.goes('e', 'up', 6_000);
    scenario.goes('p', 'up', 7_000);
    scenario.goes('p', 'down', 8_000);
    expect(scenario.goes('e', 'down', 8_100)).toEqual(['join I(p)#2: e']);
  });

  it('still goes on by itself when the other is over', () => {
    const scenario = cut();
    scenario.splits('I(p)', ['e'], 3_000);
    expect(scenario.goes('p', 'up', 7_000)).not.toContain('resolve e: serves');
    expect(scenario.goes('e', 'up', 8_000)).toEqual(['resolve e: serves']);
  });

  it('refuses what is no symptom of it (any more)', () => {
    const scenario = cut();
    scenario.goes('e', 'up', 2_500);
    expect(scenario.splits('I(p)', ['e', 'p', 'nothing'], 3_000)).toEqual(['refused e', 'refused p', 'refused nothing']);
  });

  it('keeps it apart after a restart', () => {
    const scenario = cut();
    scenario.goes('e', 'up', 2_500);
    keepApart(scenario.world, 'e', 'I(p)');
    expect(scenario.goes('e', 'down', 5_000)).toEqual(['open e critical: split-by-hand']);
  });

  it('raises the incident of its own that was only a warning', () => {
    const scenario = new Scenario({ p: {}, c: { of: ['p'] } });
    scenario.goes('c', 'degraded', 2_000);
    scenario.looked('p', 'up', 2_100);
    scenario.goes('p', 'down', 5_000);
    scenario.goes('c', 'down', 5_100);
    expect(scenario.splits('I(p)', ['c'], 6_000)).toEqual(['escalate c critical', 'leave I(p): c (split-by-hand)']);
  });
});
