import { describe, expect, it } from 'vitest';
import { Lacking } from './lacking.ts';

describe('planned interfaces that a device lacks', () => {
  it('are gone at once where the plan follows from this very table', () => {
    expect(new Lacking().saw('a', [7, 8], 'a')).toEqual([7, 8]);
  });

  it('may be renamed while the plan follows from none that lacked them', () => {
    const lacking = new Lacking();
    expect(lacking.saw('a', [], 'a')).toEqual([]);
    expect(lacking.saw('b', [7], 'a')).toEqual([]);
    expect(lacking.saw('b', [7], null)).toEqual([]);
    expect(lacking.saw('b', [7], 'unheard of')).toEqual([]);
  });

  it('are gone where the table is another in every poll, and the plan a step behind', () => {
    const lacking = new Lacking();
    lacking.saw('a', [], 'a');
    expect(lacking.saw('b', [7], 'a')).toEqual([]);
    expect(lacking.saw('c', [7, 8], 'b')).toEqual([7]);
    expect(lacking.saw('d', [7, 8], 'b')).toEqual([7]);
    expect(lacking.saw('e', [7, 8], 'd')).toEqual([7, 8]);
  });

  it('that were back in between are looked at anew', () => {
    const lacking = new Lacking();
    lacking.saw('b', [7], 'a');
    lacking.saw('a', [], 'b');
    expect(lacking.saw('c', [7], 'b')).toEqual([]);
    expect(lacking.saw('c', [7], 'c')).toEqual([7]);
  });

  it('are gone where two tables take turns', () => {
    const lacking = new Lacking();
    lacking.saw('a', [7], 'x');
    lacking.saw('b', [7], 'x');
    expect(lacking.saw('a', [7], 'b')).toEqual([7]);
  });

  it('tables of long ago are forgotten', () => {
    const lacking = new Lacking();
    lacking.saw('first', [7], null);
    for (let i = 0; i < 100; i++) lacking.saw(`t${i}`, [7], null);
    expect(lacking.saw('last', [7], 'first')).toEqual([]);
    expect(lacking.saw('last', [7], 't99')).toEqual([7]);
  });
});
