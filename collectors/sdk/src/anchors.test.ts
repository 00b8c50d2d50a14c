import { describe, expect, it } from 'vitest';
import { sightOf } from './anchors.ts';

describe('what anchors show of a vantage', () => {
  it.each([
    ['both families answer', ['192.0.2.1', '2001:db8::1'], [true, true], { v4: true, v6: true }],
    ['one family is cut alone', ['192.0.2.1', '2001:db8::1'], [false, true], { v4: false, v6: true }],
    ['one of two of a family is enough', ['192.0.2.1', '192.0.2.2'], [false, true], { v4: true, v6: true }],
    ['a family without an anchor goes by the other', ['192.0.2.1'], [true], { v4: true, v6: true }],
    ['nobody answers', ['192.0.2.1', '2001:db8::1'], [false, false], { v4: false, v6: false }],
  ])('%s', (_, addresses, answered, sight) => {
    expect(sightOf(addresses, answered)).toEqual(sight);
  });
});
