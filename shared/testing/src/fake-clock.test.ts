import { expect, it } from 'vitest';
import { FakeClock } from './fake-clock.ts';

it('moves both faces together, and the wall clock alone on a step', () => {
  const clock = new FakeClock(1_000);
  clock.advance(250);
  clock.step(-100);
  expect([clock.now(), clock.monotonic()]).toEqual([1_150, 250]);
});

it('refuses to go back', () => {
  expect(() => new FakeClock().advance(-1)).toThrow(RangeError);
});
