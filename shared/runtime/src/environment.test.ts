import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment, UserError } from './environment.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bt-environment-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the environment', () => {
  it('takes a value from a file, as container engines hand out secrets, unless it is given itself', () => {
    const file = join(directory, 'database');
    writeFileSync(file, 'postgres://bt:secret@db/bt\n');
    expect(readEnvironment({ BEACONTOWER_DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://bt:secret@db/bt');
    const both = { BEACONTOWER_DATABASE_URL_FILE: file, BEACONTOWER_DATABASE_URL: 'postgres://other/bt' };
    expect(readEnvironment(both).databaseUrl).toBe('postgres://other/bt');
    expect(() => readEnvironment({ BEACONTOWER_TOKEN_FILE: join(directory, 'none') })).toThrow(/BEACONTOWER_TOKEN_FILE: .*ENOENT/);
  });

  it('sends no heartbeat unless told where to', () => {
    expect(readEnvironment({}).heartbeat).toBeNull();
    expect(readEnvironment({ BEACONTOWER_HEARTBEAT_URL: 'https://example.invalid/ping/x' }).heartbeat).toEqual({
      url: 'https://example.invalid/ping/x',
      failUrl: null,
      intervalMs: 60_000,
      method: 'POST',
    });
    const set = {
      BEACONTOWER_HEARTBEAT_URL: 'http://127.0.0.1/x',
      BEACONTOWER_HEARTBEAT_INTERVAL: '5m',
      BEACONTOWER_HEARTBEAT_METHOD: 'GET',
    };
    expect(readEnvironment(set).heartbeat).toMatchObject({ intervalMs: 300_000, method: 'GET' });
  });

  it.each([
    ['BEACONTOWER_HEARTBEAT_INTERVAL', '0s'],
    ['BEACONTOWER_HEARTBEAT_INTERVAL', '2h'],
    ['BEACONTOWER_HEARTBEAT_INTERVAL', 'often'],
    ['BEACONTOWER_HEARTBEAT_METHOD', 'PUT'],
    ['BEACONTOWER_HEARTBEAT_URL', 'ftp://secret.invalid/token'],
  ])('refuses %s=%s by its name, without a secret', (name, value) => {
    const read = () => readEnvironment({ [name]: value });
    expect(read).toThrow(UserError);
    expect(read).toThrow(name);
    expect(read).not.toThrow(/secret\.invalid/);
  });
});
