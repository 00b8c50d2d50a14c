import { describe, expect, test } from 'vitest';
import { Refusal } from '../protocol/refusal.ts';
import { Lanes } from './lanes.ts';

/** A work that lasts until it is let end. */
function work() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, run: () => ended };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('lanes', () => {
  test('of one node one work at a time, of all nodes a few, in the order in which they came', async () => {
    const lanes = new Lanes({ running: 2, taken: 10, takenOfOne: 10 });
    const begun: string[] = [];
    const works = ['gd', 'gd', 'bj', 'hn'].map((node, index) => {
      const each = work();
      const done = lanes.run(node, async () => {
        begun.push(`${node}${index}`);
        await each.run();
      });
      return { ...each, done };
    });
    await settled();
    expect(begun).toEqual(['gd0', 'bj2']);
    expect(lanes.waiting).toBe(2);
    works[2]?.end();
    await works[2]?.done;
    await settled();
    expect(begun).toEqual(['gd0', 'bj2', 'hn3']);
    works[0]?.end();
    await works[0]?.done;
    await settled();
    expect(begun).toEqual(['gd0', 'bj2', 'hn3', 'gd1']);
    for (const each of works) each.end();
    await Promise.all(works.map(({ done }) => done));
    expect(lanes.waiting).toBe(0);
  });

  test('a work that fails lets the next one run', async () => {
    const lanes = new Lanes({ running: 1, taken: 10, takenOfOne: 10 });
    await expect(lanes.run('gd', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(lanes.run('gd', async () => 7)).resolves.toBe(7);
  });

  test('who comes beyond the places is sent away, and a place that is left is free once', () => {
    const lanes = new Lanes({ running: 1, taken: 3, takenOfOne: 2 });
    const leave = lanes.enter('gd');
    lanes.enter('gd');
    const busy = (node: string) => {
      try {
        return lanes.enter(node) && 'in';
      } catch (error) {
        return (error as Refusal).code;
      }
    };
    expect(busy('gd')).toBe('busy');
    expect(busy('bj')).toBe('in');
    expect(busy('hn')).toBe('busy');
    leave();
    leave();
    expect(busy('hn')).toBe('in');
    expect(busy('gd')).toBe('busy');
    expect(new Refusal('busy', '').retry).toBe(true);
  });
});
