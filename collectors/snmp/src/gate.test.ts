import { describe, expect, it } from 'vitest';
import { Gate, type Pass } from './gate.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function createGate(capacity: number, holdMs = 40): Gate {
  return new Gate({ capacity, holdMs, monotonic: () => performance.now() });
}

describe('the gate before the sockets', () => {
  it('lets through what there is room for, without waiting', () => {
    const gate = createGate(2, 10_000);
    expect(gate.enter(1, false)).not.toBeInstanceOf(Promise);
    expect(gate.enter(1, false)).not.toBeInstanceOf(Promise);
    expect(gate.waiting).toBe(0);
  });

  it('lets those under way go first, each group in its order', async () => {
    const gate = createGate(1, 10_000);
    const first = gate.enter(1, false) as Pass;
    const order: string[] = [];
    const wait = async (name: string, begun: boolean) => {
      const pass = await gate.enter(1, begun);
      order.push(name);
      pass.done();
    };
    const all = [wait('new 1', false), wait('new 2', false), wait('going 1', true), wait('going 2', true)];
    await settled();
    expect(order).toEqual([]);
    first.done();
    await Promise.all(all);
    expect(order).toEqual(['going 1', 'going 2', 'new 1', 'new 2']);
  });

  it('passes over who is silent, and counts its return only once', async () => {
    const gate = createGate(1);
    const silent = gate.enter(1, false) as Pass;
    const next = await gate.enter(1, false);
    silent.done();
    silent.done();
    const third = gate.enter(1, false);
    expect(third).toBeInstanceOf(Promise);
    next.done();
    (await third).done();
    expect(gate.enter(1, false)).not.toBeInstanceOf(Promise);
  });

  it('lets a request through that is heavier than all the room there is', () => {
    expect(createGate(2).enter(50, false)).not.toBeInstanceOf(Promise);
  });

  it('lets thousands through one after the other', async () => {
    const gate = createGate(8, 10_000);
    let under = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 5_000 }, async () => {
        const pass = await gate.enter(1, false);
        most = Math.max(most, ++under);
        await settled();
        under--;
        pass.done();
      }),
    );
    expect(most).toBe(8);
    expect(gate.waiting).toBe(0);
  });
});
