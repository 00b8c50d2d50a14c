import { describe, expect, it } from 'vitest';
import { inShort } from './in-short.ts';

describe('what an error says in short', () => {
  it.each([
    [
      'a store that adds its trace',
      new Error('INTERNAL Error: types differ Stack Trace: /lib/libstore.so(+0x5b) [0x7f]'),
      'INTERNAL Error: types differ',
    ],
    ['several lines', new Error('refused\n  at somewhere'), 'refused'],
    ['what is no error', 'away', 'away'],
    ['credentials', new Error('http://noc:secret@influx.example is away'), expect.not.stringContaining('secret')],
    ['a very long one', new Error('x'.repeat(5_000)), `${'x'.repeat(299)}…`],
  ])('%s', (_, error, words) => {
    expect(inShort(error)).toEqual(words);
  });
});
