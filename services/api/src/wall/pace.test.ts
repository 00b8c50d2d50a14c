import { describe, expect, it } from 'vitest';
import { paced } from './pace.ts';

/** A value that takes as long as it is let, by a clock that moves when told. */
function slow() {
  let now = 0;
  let made = 0;
  const waiting: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  const errors: unknown[] = [];
  const value = paced<number>({
    make: () =>
      new Promise((resolve, reject) => {
        made++;
        waiting.push({ resolve, reject });
      }),
    clock: () => now,
    pauseMs: 1_000,
    onError: (error) => errors.push(error),
  });
  const settle = async (act: (one: (typeof waiting)[number]) => void, tookMs = 0) => {
    now += tookMs;
    const one = waiting.shift();
    if (one) act(one);
    await new Promise(setImmediate);
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { value, errors, settle, made: () => made, pass };
}

describe('what is dear to make', () => {
  it('is made once for all who ask, and again after its pause', async () => {
    const { value, settle, made, pass } = slow();
    expect([value.newest(), value.newest(), made()]).toEqual([undefined, undefined, 1]);
    await settle(({ resolve }) => resolve(7), 10);
    pass(999);
    expect([value.newest(), made()]).toEqual([7, 1]);
    pass(1);
    expect([value.newest(), made()]).toEqual([7, 2]);
  });

  it('is made more seldom when it takes long', async () => {
    const { value, settle, made, pass } = slow();
    value.newest();
    await settle(({ resolve }) => resolve(7), 500);
    pass(9_999);
    value.newest();
    expect(made()).toBe(1);
    pass(1);
    value.newest();
    expect(made()).toBe(2);
  });

  it('stays what it was when it cannot be made, and is tried again', async () => {
    const { value, settle, made, errors, pass } = slow();
    value.newest();
    await settle(({ resolve }) => resolve(7));
    pass(1_000);
    value.newest();
    await settle(({ reject }) => reject(new Error('away')));
    expect([value.newest(), errors.length]).toEqual([7, 1]);
    pass(1_000);
    value.newest();
    expect(made()).toBe(3);
  });

  it('is waited for the first time alone, and not for long', async () => {
    const { value, settle } = slow();
    expect(await value.within(1)).toBeUndefined();
    const waiting = value.within(60_000);
    await settle(({ resolve }) => resolve(7));
    expect(await waiting).toBe(7);
    expect(await value.within(60_000)).toBe(7);
  });
});
