import { createDatabase } from '@beacontower/database';
import { createRedis } from '@beacontower/queue';
import { isAlive } from '@beacontower/runtime';
import { describe, expect, it } from 'vitest';
import { programsPresent, startPostgres, startRedis } from './services.ts';

describe.runIf(programsPresent('redis-server'))('startRedis', () => {
  it('serves, keeps data over kill -9 when durable, and leaves nothing', async () => {
    const server = await startRedis({ durable: true });
    const redis = createRedis(server.url, () => undefined);
    await redis.set('beacon', 'lit');
    const firstPid = server.pid;
    await server.kill();
    await server.start();
    expect(await redis.get('beacon')).toBe('lit');
    expect(server.pid).not.toBe(firstPid);
    redis.disconnect();
    const { pid } = server;
    await server.stop();
    expect([firstPid, pid].filter(isAlive)).toEqual([]);
  });
});

describe('startPostgres', () => {
  it('serves with checksums and scram, keeps commits over kill -9, and leaves nothing', async () => {
    const server = await startPostgres();
    const database = createDatabase({ url: server.url, applicationName: 'test' });
    const { rows } = await database.query<{ version: number; checksums: string; authentication: string }>(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('data_checksums') AS checksums,
              (SELECT rolpassword FROM pg_authid WHERE rolname = current_user) AS authentication`,
    );
    expect(rows[0]?.version).toBeGreaterThanOrEqual(180_000);
    expect(rows[0]?.checksums).toBe('on');
    expect(rows[0]?.authentication).toMatch(/^SCRAM-SHA-256\$/);
    await database.query('CREATE TABLE beacons (name text)');
    await database.query(`INSERT INTO beacons VALUES ('lit')`);
    await database.close();
    await server.kill();
    await server.start();
    const again = createDatabase({ url: server.url, applicationName: 'test' });
    expect((await again.query('SELECT name FROM beacons')).rows).toEqual([{ name: 'lit' }]);
    await again.close();
    const { pid } = server;
    await server.stop();
    expect(isAlive(pid)).toBe(false);
  });
});
