import { expect, it } from 'vitest';
import { Lanes } from './lanes.ts';

/** Work that ends when it is told to. */
function work() {
  let end = () => undefined as undefined;
  let begun = 0;
  const done = new Promise<void>((resolve) => {
    end = () => {
      resolve();
      return undefined;
    };
  });
  return {
    run: () => {
      begun += 1;
      return done;
    },
    end,
    begun: () => begun,
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('does so much at once for one channel, the others in turn, and one that is told twice once', async () => {
  const lanes = new Lanes(2);
  const [a, b, c, other] = [work(), work(), work(), work()];
  lanes.enter('hook', 'a', a.run);
  lanes.enter('hook', 'b', b.run);
  lanes.enter('hook', 'c', c.run);
  lanes.enter('hook', 'c', c.run);
  lanes.enter('mail', 'd', other.run);
  expect([a.begun(), b.begun(), c.begun(), other.begun(), lanes.busy]).toEqual([1, 1, 0, 1, 3]);
  a.end();
  await settled();
  expect([c.begun(), lanes.busy]).toEqual([1, 3]);
  for (const each of [b, c, other]) each.end();
  await settled();
  expect([c.begun(), lanes.busy]).toEqual([1, 0]);
});

it('begins nothing more once closed, and waits for what is under way', async () => {
  const lanes = new Lanes(1);
  const [a, b] = [work(), work()];
  lanes.enter('hook', 'a', a.run);
  lanes.enter('hook', 'b', b.run);
  const closed = lanes.close(60_000);
  a.end();
  await closed;
  lanes.enter('hook', 'b', b.run);
  expect(b.begun()).toBe(0);
});
