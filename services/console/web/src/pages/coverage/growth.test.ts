import { expect, test } from 'vitest';
import { relative, reported, signed } from './growth.ts';

test.each([
  [5, '+5'],
  [-2, '−2'],
  [0, null],
  [null, null],
])('%s is shown as %s', (absolute, text) => {
  expect(signed({ absolute })).toBe(text);
});

test.each([
  [0.042, '+4.2%'],
  [-0.5, '−50.0%'],
  [0, null],
  [null, null],
])('a share of %s is shown as %s', (share, text) => {
  expect(relative({ relative: share })).toBe(text);
});

const none = { before: 0, absolute: 0, relative: null };
const total = {
  ...{ units: 0, namedUnits: 0, terminals: null, applications: 0, internetExitUnits: 0 },
  growth: { units: none, terminals: none, applications: none, internetExitUnits: none },
};

test.each([
  ['nothing', {}, []],
  ['units by number alone', { units: 3 }, ['units']],
  ['units with names, none of which uses the exit', { units: 3, namedUnits: 3 }, ['units', 'internetExitUnits']],
  ['terminals, of which there are none', { terminals: 0 }, ['terminals']],
  ['units that are no longer there', { growth: { ...total.growth, units: { before: 3, absolute: -3, relative: -1 } } }, ['units']],
])('reported: %s', (_, given, names) => {
  const known = Object.entries(reported({ ...total, ...given })).filter(([, is]) => is);
  expect(known.map(([name]) => name)).toEqual(names);
});
