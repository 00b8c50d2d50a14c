import { describe, expect, it } from 'vitest';
import { Lock } from './lock.ts';

describe('a lock', () => {
  it('lets many look and one change, and lets who changes go first', async () => {
    const lock = new Lock();
    const events: string[] = [];
    let looking = 0;
    let changing = 0;
    const look = (name: string) =>
      lock.shared(async () => {
        looking++;
        expect(changing).toBe(0);
        events.push(name);
        await new Promise(setImmediate);
        looking--;
      });
    const change = (name: string) =>
      lock.exclusive(async () => {
        changing++;
        expect([looking, changing]).toEqual([0, 1]);
        events.push(name);
        await new Promise(setImmediate);
        changing--;
      });
    await Promise.all([look('a'), look('b'), change('C'), look('d'), change('E'), look('f')]);
    expect(events).toEqual(['a', 'b', 'C', 'E', 'd', 'f']);
  });

  it('goes on after work that failed', async () => {
    const lock = new Lock();
    const fault = () => Promise.reject(new Error('failed'));
    await expect(lock.exclusive(fault)).rejects.toThrow('failed');
    await expect(lock.shared(fault)).rejects.toThrow('failed');
    expect(await lock.exclusive(async () => 1)).toBe(1);
  });
});
