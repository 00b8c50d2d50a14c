import { expect, test } from 'vitest';
import { nodeOfObject } from './object-node.ts';

test.each([
  ['gd:core-1', 'gd'],
  ['gd:core-1/if:7', 'gd'],
  ['gd-gz:unit:2', 'gd-gz'],
  ['core-1', ''],
  [':core-1', ''],
])('%s is of the node "%s"', (object, node) => {
  expect(nodeOfObject(object)).toBe(node);
});
