import type { CheckDetail } from '@beacontower/contracts';
import type { State } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import { decidingChecks } from './why.ts';

const check = (id: string, state: State) => ({ id, state }) as CheckDetail;

describe('decidingChecks', () => {
  it.each<[State, State[], number[]]>([
    ['up', ['up', 'up'], []],
    ['up', ['up', 'down'], [1]],
    ['down', ['down', 'down', 'unknown'], [0, 1]],
    ['degraded', ['up', 'degraded', 'down'], [1]],
    ['degraded', ['up', 'down'], [1]],
    ['unknown', [], []],
  ])('%s by %j', (state, states, expected) => {
    const checks = states.map((each, place) => check(String(place), each));
    expect(decidingChecks({ state, checks }).map(({ id }) => Number(id))).toEqual(expected);
  });
});
