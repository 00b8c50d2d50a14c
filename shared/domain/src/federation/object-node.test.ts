import { expect, test } from 'vitest';
import { isSaidOf, nodeOfObject } from './object-node.ts';

test.each([
  ['gd:core-1', 'gd'],
  ['gd:core-1/if:7', 'gd'],
  ['gd-gz:unit:2', 'gd-gz'],
  ['core-1', ''],
  [':core-1', ''],
])('%s is of the node "%s"', (object, node) => {
  expect(nodeOfObject(object)).toBe(node);
});

test('what a node says of a division is not said of what others have there', () => {
  expect(isSaidOf(undefined, 'cn:landing-gd')).toBe(true);
  expect(isSaidOf(['gd', 'gd-gz'], 'gd-gz:core')).toBe(true);
  expect(isSaidOf(['gd', 'gd-gz'], 'cn:landing-gd')).toBe(false);
});
