import { expect, test } from 'vitest';
import { type Digested, differencesOf, settled } from './digest-differences.ts';

/** `1=a 2=b`: buckets of one day. */
const record = (text: string): Digested[] =>
  text
    .split(' ')
    .filter((each) => each !== '')
    .map((each) => {
      const [bucket, digest = ''] = each.split('=');
      return { date: '2026-11-22', bucket: Number(bucket), digest };
    });
const places = (differences: ReadonlyMap<string, unknown>) => [...differences.keys()];

test.each([
  ['the same', '1=a 2=b', '2=b 1=a', []],
  ['another', '1=a 2=b', '1=a 2=c', ['2026-11-22 2']],
  ['nothing there, nothing here', '1=a', '2=b', ['2026-11-22 1', '2026-11-22 2']],
])('%s', (_what, own, other, expected) => {
  expect(places(differencesOf(record(own), record(other)))).toEqual(expected);
});

test.each([
  ['differs at both looks', ['1=a', '1=b'], ['1=a', '1=b'], ['2026-11-22 1']],
  ['was under way at the first look', ['1=a', ''], ['1=a', '1=a'], []],
  ['is under way at the second', ['1=a', '1=a'], ['1=b', '1=a'], []],
  ['changes at both', ['1=a', '1=0'], ['1=b', '1=a'], []],
  ['differs, and changes above', ['1=a', '1=b'], ['1=a', '1=c'], ['2026-11-22 1']],
  ['is known above alone', ['', '1=b'], ['', '1=b'], ['2026-11-22 1']],
] as const)('what %s', (_what, first, second, expected) => {
  const [one, two] = [first, second].map(([own, other]) => differencesOf(record(own), record(other)));
  expect(places(settled(one ?? new Map(), two ?? new Map()))).toEqual(expected);
});
