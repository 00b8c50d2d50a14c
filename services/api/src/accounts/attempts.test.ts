import { FakeClock } from '@beacontower/testing';
import { expect, it } from 'vitest';
import { type Attempt, Attempts } from './attempts.ts';

const clock = new FakeClock(1_000_000_000);
const isRight = (judged: boolean) => judged;

/** Begins so many attempts at once; each is judged when `end` is called. */
function begin(attempts: Attempts, count: number, of: (index: number) => Attempt) {
  const judging: ((right: boolean | Error) => void)[] = [];
  const judge = () =>
    new Promise<boolean>((resolve, reject) => {
      judging.push((right) => (typeof right === 'boolean' ? resolve(right) : reject(right)));
    });
  const all = Array.from({ length: count }, (_, index) => attempts.judge(of(index), judge, isRight).catch((error: unknown) => error));
  return {
    judging,
    async end(right: boolean | Error) {
      for (const settle of judging) settle(right);
      return (await Promise.all(all)).filter((said) => (said as { code?: unknown }).code === 'too-many-attempts');
    },
  };
}
const oneAddress = (index: number) => ({ address: '192.0.2.1', name: `nobody${index}` });
const oneName = (index: number) => ({ address: `10.0.${index}.1`, name: 'Chen.Yu' });

it.each([
  ['address', oneAddress, 30],
  ['name', oneName, 40],
] as const)('of one %s no more are judged at once than may fail', async (_what, of, most) => {
  const flood = begin(new Attempts(clock), most + 30, of);
  expect(flood.judging.length).toBe(most);
  const refused = await flood.end(false);
  expect(refused).toHaveLength(30);
  expect(refused[0]).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
});

it('counts what failed, for as long as its span', async () => {
  const attempts = new Attempts(clock);
  await begin(attempts, 30, oneAddress).end(false);
  const refused = await begin(attempts, 1, oneAddress).end(true);
  expect(refused).toMatchObject([{ headers: { 'retry-after': '300' } }]);
  clock.advance(300_000);
  expect(await begin(attempts, 30, oneAddress).end(true)).toEqual([]);
});

it.each([
  ['was right', true],
  ['could not be judged', new Error('busy')],
] as const)('gives the place back of what %s', async (_why, said) => {
  const attempts = new Attempts(clock);
  for (let round = 0; round < 3; round++) expect(await begin(attempts, 30, oneAddress).end(said)).toEqual([]);
});
