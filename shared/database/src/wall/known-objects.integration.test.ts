import { startPostgres } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendLog, dispatchLog } from '../log.ts';
import { migrate } from '../migrate.ts';
import { createDatabase, type Database } from '../pool.ts';
import { KnownObjects } from './known-objects.ts';

let postgres: Awaited<ReturnType<typeof startPostgres>>;
let database: Database;
let now = 0;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrate(postgres.url);
  database = createDatabase({ url: postgres.url, applicationName: 'test' });
});
afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

let begins = 0;

const insert = (id: string, division: string, more: object = {}) =>
  database.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ('object', $1, 'file', $2, $3, 0, 'test')`,
    [id, { id, division, kind: 'device', class: 'backbone', name: id, checks: [], ...more }, begins++],
  );

/** As an apply does it: what was is superseded and written again with its end. */
const end = (id: string) =>
  database.query(
    `WITH old AS (UPDATE inventory SET superseded_at = 1 WHERE id = $1 AND superseded_at IS NULL AND valid_to IS NULL RETURNING *)
     INSERT INTO inventory (entity, id, origin, body, valid_from, valid_to, recorded_at, recorded_by)
     SELECT entity, id, origin, body, valid_from, valid_from + 1, 1, 'test' FROM old`,
    [id],
  );

const setState = (id: string, state: string, since: number) =>
  database.query(
    `INSERT INTO current_states (subject, subject_kind, object_id, state, since, reason, transition) VALUES ($1, 'object', $1, $2, $3, 'replied', 0)
     ON CONFLICT (subject) DO UPDATE SET state = excluded.state, since = excluded.since`,
    [id, state, since],
  );

async function tell(object: string): Promise<void> {
  const body = {
    transition: 1,
    object,
    check: null,
    from: 'up',
    to: 'down',
    at: 1,
    earliest: 1,
    latest: 1,
    reason: 'no-reply',
    decidedAt: 1,
  };
  await database.transaction((tx) => appendLog(tx, [{ kind: 'state', subject: object, body: body as never, eventAt: 1 }], 1));
}

async function shown(known: KnownObjects) {
  return Object.fromEntries([...(await known.read())].map(({ id, division, state, since }) => [id, [division, state, since]]));
}

describe('objects kept in memory', () => {
  it('are as the record says, whatever of it is new', async () => {
    const known = new KnownObjects(database, () => now);
    expect(await shown(known)).toEqual({});
    await insert('a', 'cn.gd', { attributes: { role: 'landing' } });
    await insert('b', 'cn.gx', { quiet: true });
    await setState('a', 'up', 10);
    expect(await shown(known)).toEqual({ a: ['cn.gd', 'up', 10], b: ['cn.gx', 'unknown', null] });
    expect([...(await known.read())].map(({ landing, quiet }) => [landing, quiet])).toEqual([
      [true, false],
      [false, true],
    ]);
    // Told of, and not in its place yet.
    await setState('a', 'down', 20);
    await tell('a');
    expect(await shown(known)).toMatchObject({ a: ['cn.gd', 'down', 20] });
    await database.transaction((tx) => dispatchLog(tx, 10));
    await setState('b', 'degraded', 30);
    await tell('b');
    await database.transaction((tx) => dispatchLog(tx, 10));
    expect(await shown(known)).toEqual({ a: ['cn.gd', 'down', 20], b: ['cn.gx', 'degraded', 30] });
  });

  it('move with their states, and go', async () => {
    const known = new KnownObjects(database, () => now);
    await shown(known);
    await end('a');
    await insert('a', 'cn.gd.gz');
    await end('b');
    expect(await shown(known)).toEqual({ a: ['cn.gd.gz', 'down', 20] });
    await insert('b', 'cn.xz');
    expect(await shown(known)).toEqual({ a: ['cn.gd.gz', 'down', 20], b: ['cn.xz', 'degraded', 30] });
  });

  it('are read whole after a while, for what nobody told', async () => {
    const known = new KnownObjects(database, () => now);
    await shown(known);
    await setState('a', 'up', 40);
    await database.query("DELETE FROM current_states WHERE subject = 'b'");
    now += 30_000;
    expect(await shown(known)).toEqual({ a: ['cn.gd.gz', 'up', 40], b: ['cn.xz', 'unknown', null] });
  });

  it('read as one asks are those who asked meanwhile told nothing older', async () => {
    const known = new KnownObjects(database, () => now);
    const first = known.read();
    await setState('a', 'degraded', 50);
    await tell('a');
    const [, second] = await Promise.all([first, known.read()]);
    expect([...second].find(({ id }) => id === 'a')?.since).toBe(50);
  });
});
