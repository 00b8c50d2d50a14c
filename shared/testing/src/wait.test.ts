import { describe, expect, it } from 'vitest';
import { waitFor } from './wait.ts';

describe('waitFor', () => {
  it('gives what the predicate found, zero and the empty text included', async () => {
    let looks = 0;
    expect(await waitFor(() => (++looks > 2 ? looks : undefined), { intervalMs: 1 })).toBe(3);
    expect(await waitFor(() => 0)).toBe(0);
    expect(await waitFor(async () => '')).toBe('');
  });

  it('names what was awaited in vain, and the last fault', async () => {
    const fault = new Error('no such table');
    const wait = waitFor(
      () => {
        throw fault;
      },
      { timeoutMs: 20, intervalMs: 5, what: 'the row' },
    );
    await expect(wait).rejects.toMatchObject({ message: 'waited 20 ms in vain for the row', cause: fault });
    await expect(waitFor(() => false, { timeoutMs: 10, intervalMs: 5 })).rejects.not.toHaveProperty('cause');
  });
});
