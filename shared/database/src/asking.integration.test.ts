import { startPostgres, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NotAnswered } from './asking.ts';
import { createDatabase, type Database } from './pool.ts';

let postgres: TestServer;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  database = createDatabase({ url: postgres.url, applicationName: 'test', maxConnections: 2, onError: () => undefined });
  await database.query('CREATE TABLE notes (text text)');
}, 60_000);
afterAll(async () => {
  await database.close();
  await postgres.stop();
});

const written = async () => (await database.query('SELECT text FROM notes')).rows;

it('gives a question up that is not answered in time, and PostgreSQL does not work on it for nobody', async () => {
  await expect(database.limited(100).query('SELECT pg_sleep(60)')).rejects.toThrow(NotAnswered);
  const working = () => database.query("SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(60)'");
  await expect.poll(async () => (await working()).rowCount, { timeout: 10_000 }).toBe(0);
}, 15_000);

it('leaves nothing of a transaction that was given up', async () => {
  const given = database.limited(100).transaction(async (tx) => {
    await tx.query("INSERT INTO notes VALUES ('half')");
    await tx.query('SELECT pg_sleep(60)');
  });
  await expect(given).rejects.toThrow(NotAnswered);
  expect(await written()).toEqual([]);
});

it('gives the wait for a connection up, and leaves the connection to who comes next', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const holding = [1, 2].map(() => database.transaction(() => held));
  await expect(database.limited(100).query('SELECT 1')).rejects.toThrow(NotAnswered);
  release();
  await Promise.all(holding);
  const all = await Promise.all([1, 2, 3, 4].map(() => database.limited(5_000).query('SELECT 1')));
  expect(all.map(({ rowCount }) => rowCount)).toEqual([1, 1, 1, 1]);
});

it('does not hold up what has time: what is asked without a limit is answered', async () => {
  expect((await database.query('SELECT pg_sleep(0.3)')).rowCount).toBe(1);
});

it('goes on by the same connections after an error of the question itself', async () => {
  const limited = database.limited(5_000);
  await expect(limited.query('SELECT nothing')).rejects.toThrow(/nothing/);
  await expect(
    limited.transaction(async (tx) => {
      await tx.query("INSERT INTO notes VALUES ('wrong')");
      throw new Error('on purpose');
    }),
  ).rejects.toThrow('on purpose');
  await limited.transaction((tx) => tx.query("INSERT INTO notes VALUES ('right')"));
  expect(await written()).toEqual([{ text: 'right' }]);
});
