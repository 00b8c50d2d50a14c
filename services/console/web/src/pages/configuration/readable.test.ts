import { expect, it } from 'vitest';
import { byKind, readable } from './readable.ts';

it.each([
  [null, '—'],
  [undefined, '—'],
  [true, 'true'],
  ['广州', '广州'],
  [[], '[]'],
  [['a', 1], 'a, 1'],
  [{ target: 0.9997, window: '30d' }, '\ntarget: 0.9997\nwindow: 30d'],
  [{ rule: { require: 'any' } }, '\nrule: \n  require: any'],
  [[{ id: 'a', x: 1 }], '\n- id: a\n  x: 1'],
])('%j', (value, text) => {
  expect(readable(value)).toBe(text);
});

it('puts what is removed first', () => {
  const changes = (['added', 'changed', 'removed'] as const).flatMap((change) => [
    { change, kind: 'object', id: 'b' },
    { change, kind: 'node', id: 'a' },
  ]);
  expect(byKind(changes).map(({ kind, changes: all }) => [kind, all.map(({ change }) => change)])).toEqual([
    ['node', ['removed', 'changed', 'added']],
    ['object', ['removed', 'changed', 'added']],
  ]);
});
