import { expect, it } from 'vitest';
import { COUNTRY, nodesWithin, planLinks } from './tiers.ts';

it('every node but the centre has one line to the one above, with addresses of its own', () => {
  const links = planLinks(COUNTRY);
  expect(links.map(({ child, parent }) => `${child} ${parent}`)).toEqual(['gd cn', 'zj cn', 'sc cn', 'xj cn', 'hl cn', 'gz gd']);
  expect(new Set(links.flatMap(({ above, below }) => [above, below])).size).toBe(12);
});

it('refuses a line to nowhere', () => {
  expect(() => planLinks([{ id: 'gd', name: '', division: 'cn.gd', parent: 'cn' }])).toThrow(/none of the others/);
  expect(() => planLinks([...COUNTRY, ...COUNTRY])).toThrow(/same id/);
});

it('a node speaks for itself and for those below it', () => {
  expect(nodesWithin(COUNTRY, 'gd')).toEqual(['gd', 'gz']);
  expect(nodesWithin(COUNTRY, 'cn')).toHaveLength(7);
});
