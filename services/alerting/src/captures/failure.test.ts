import { RequestError } from '@beacontower/queue';
import { describe, expect, test } from 'vitest';
import { failureOf } from './failure.ts';
import { NothingThere } from './look.ts';

describe('a look that failed', () => {
  test.each([
    ['is tried again when nobody was there to make it', new RequestError('nobody', 'x'), 1, { againAt: 6_000 }],
    ['and once more, later', new RequestError('late', 'x'), 2, { againAt: 11_000 }],
    ['has failed after the third', new RequestError('nobody', 'x'), 3, { error: 'no collector of its zone answers' }],
    ['has failed at once when there is nothing to see', new NothingThere('none'), 1, { error: 'none' }],
    ['tells no secret', new Error('postgres://me:secret@host/ is away'), 1, { error: 'postgres://***@host/ is away' }],
  ])('%s', (_, error, attempt, expected) => {
    expect(failureOf(error, { attempt, kind: 'traceroute' }, 1_000)).toEqual(expected);
  });

  test('says of samples whose they are', () => {
    const error = new RequestError('nobody', 'x');
    expect(failureOf(error, { attempt: 3, kind: 'samples' }, 0)).toEqual({ error: 'the sample store is not open' });
  });
});
