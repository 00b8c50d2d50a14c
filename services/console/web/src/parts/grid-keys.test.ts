import { describe, expect, it } from 'vitest';
import { nextSort, rowAfterKey } from './grid-keys.ts';

describe('keys of a grid', () => {
  it.each([
    ['ArrowDown', -1, 0],
    ['ArrowDown', 4, 5],
    ['ArrowDown', 9, 9],
    ['j', 0, 1],
    ['ArrowUp', 0, 0],
    ['ArrowUp', -1, 0],
    ['k', 5, 4],
    ['PageDown', 7, 9],
    ['PageUp', 2, 0],
    ['Home', 8, 0],
    ['End', 0, 9],
  ])('%s from row %i', (key, active, expected) => {
    expect(rowAfterKey(key, active, 10, 4)).toBe(expected);
  });
  it('leaves other keys to others', () => {
    expect(rowAfterKey('Tab', 0, 10, 4)).toBeNull();
  });
  it('turns the sort round at the second press', () => {
    const first = nextSort(null, 'name');
    expect(first).toEqual({ key: 'name', descending: false });
    expect(nextSort(first, 'name')).toEqual({ key: 'name', descending: true });
    expect(nextSort({ key: 'name', descending: true }, 'state')).toEqual({ key: 'state', descending: false });
  });
});
