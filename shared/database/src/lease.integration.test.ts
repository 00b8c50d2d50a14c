import { createLogger } from '@beacontower/runtime';
import { startDatabase, type TestDatabase, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acquireLeases, assertLeases, FencedOut, renewLeases } from './lease.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { Database } from './pool.ts';

const TTL_MS = 600;

describe('leases', () => {
  let postgres: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    postgres = await startDatabase();
    ({ database } = postgres);
  });
  afterAll(async () => {
    await postgres.stop();
  });

  const keeper = (slot: string) =>
    new LeaseKeeper({ names: ['work'], slot, ttlMs: TTL_MS, database, logger: createLogger({ name: 'test', level: 'silent' }) });
  const epoch = async () => (await database.query<{ epoch: number }>("SELECT epoch FROM leases WHERE name = 'work'")).rows[0]?.epoch;

  it('pass to a new process of the slot at once, and do not go to and fro between two of one slot', async () => {
    const old = keeper('main/judge');
    await old.start();
    await waitFor(() => old.held('work') !== undefined, { what: 'the lease' });
    const fresh = keeper('main/judge');
    await fresh.start();
    await waitFor(() => fresh.held('work') !== undefined && old.held('work') === undefined, {
      timeoutMs: TTL_MS * 2,
      what: 'the take-over',
    });
    const taken = await epoch();
    // Nothing to wait for: that nothing happens can only be seen by letting time pass.
    await new Promise((resolve) => setTimeout(resolve, 4 * TTL_MS));
    expect(await epoch()).toBe(taken);
    expect(old.held('work')).toBeUndefined();
    await fresh.stop();
    await waitFor(() => old.held('work') !== undefined, { what: 'the other to take what was given up' });
    await old.stop();
  });

  it('are renewed while a transaction shows them, however long it is, and passed on only after it', async () => {
    const [lease] = await acquireLeases(database, ['long'], 'one', 100);
    if (!lease) throw new Error('the lease was not to be had');
    let taken = false;
    let taking: Promise<unknown> = Promise.resolve();
    await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      expect(await renewLeases(database, [lease], 1)).toEqual([lease]);
      await tx.query('SELECT pg_sleep(0.05)');
      taking = acquireLeases(database, ['long'], 'two', 1_000).then((got) => {
        taken = got.length === 1;
      });
      const waits = async () =>
        (await database.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INTO leases%'")).rowCount ===
        1;
      await waitFor(waits, { what: 'the other to wait' });
      expect(taken).toBe(false);
    });
    await taking;
    expect(taken).toBe(true);
    await expect(database.transaction((tx) => assertLeases(tx, [lease]))).rejects.toThrow(FencedOut);
  });
});
