import { expect, test } from 'vitest';
import { describeOutages } from './described-outages.ts';
import { NameBook } from './names.ts';
import type { Share } from './outages.ts';

const shares = (count: number) =>
  new Map(Array.from({ length: count }, (_, at): [string, Share] => [`cause ${at}`, { outages: 1, downMs: count - at }]));
const describeCauses = async (causes: ReadonlyMap<string | null, Share>) => {
  const none = { longest: [], total: 0, parties: new Map(), objects: new Map() };
  // Nothing is to be looked up.
  const names = new NameBook({ query: () => Promise.reject(new Error('nothing is asked')) } as never);
  return (await describeOutages(names, { ...none, causes }, { to: 0 })).causes;
};

test('fifty causes each have a row; of more the smallest are one, and all add up', async () => {
  expect(await describeCauses(shares(50))).toHaveLength(50);
  const rows = await describeCauses(shares(10_000));
  expect(rows).toHaveLength(50);
  expect(rows[0]?.cause?.id).toBe('cause 0');
  expect(rows.at(-1)).toMatchObject({ cause: { name: { en: '9951 other causes' } }, outages: 9951 });
  expect(rows.reduce((sum, { downMs }) => sum + downMs, 0)).toBe((10_000 * 10_001) / 2);
  expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
});
