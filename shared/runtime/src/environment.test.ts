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

  it('keeps samples in the data directory for the usual time unless told otherwise', () => {
    expect(readEnvironment({})).toMatchObject({ samplesUrl: null, samplesToken: null, samplesRetention: null });
    const set = { BEACONTOWER_SAMPLES_URL: 'influxdb://db:8086/bt?org=net', BEACONTOWER_SAMPLES_RETENTION: '7d,90d,365d' };
    expect(readEnvironment(set)).toMatchObject({
      samplesUrl: 'influxdb://db:8086/bt?org=net',
      samplesRetention: { rawMs: 7 * 86_400_000, fiveMinutesMs: 90 * 86_400_000, hourMs: 365 * 86_400_000 },
    });
    for (const wrong of ['7d', '7d,3d,365d', '0d,1d,2d', 'a,b,c'])
      expect(() => readEnvironment({ BEACONTOWER_SAMPLES_RETENTION: wrong })).toThrow(/BEACONTOWER_SAMPLES_RETENTION: expected days/);
    const secret = { BEACONTOWER_SAMPLES_URL: 'mysql://me:hunter2@db' };
    expect(() => readEnvironment(secret)).toThrow(/BEACONTOWER_SAMPLES_URL/);
    expect(() => readEnvironment(secret)).not.toThrow(/hunter2/);
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

  it('knows a certificate by two files, neither without the other', () => {
    expect(readEnvironment({}).tls).toBeNull();
    const files = { BEACONTOWER_TLS_CERT_FILE: '/c.pem', BEACONTOWER_TLS_KEY_FILE: '/k.pem' };
    expect(readEnvironment(files).tls).toEqual({ certFile: '/c.pem', keyFile: '/k.pem' });
    expect(() => readEnvironment({ BEACONTOWER_TLS_CERT_FILE: '/c.pem' })).toThrow(/go together/);
  });

  it('knows an identity provider by its issuer, the client and where browsers reach the node', () => {
    expect(readEnvironment({}).oidc).toBeNull();
    const needed = {
      BEACONTOWER_OIDC_ISSUER: 'https://id.example.cn/realm',
      BEACONTOWER_OIDC_CLIENT_ID: 'beacontower',
      BEACONTOWER_PUBLIC_URL: 'https://noc.example.cn/',
    };
    expect(readEnvironment(needed).oidc).toEqual({
      issuer: 'https://id.example.cn/realm',
      clientId: 'beacontower',
      clientSecret: null,
      name: 'id.example.cn',
      nameClaim: 'preferred_username',
      secondFactor: [],
      publicUrl: 'https://noc.example.cn',
    });
    const set = { ...needed, BEACONTOWER_OIDC_SECOND_FACTOR: 'amr:mfa, acr:urn:two' };
    expect(readEnvironment(set).oidc?.secondFactor).toEqual([
      { claim: 'amr', value: 'mfa' },
      { claim: 'acr', value: 'urn:two' },
    ]);
    for (const name of Object.keys(needed))
      expect(() => readEnvironment({ ...needed, [name]: undefined }), name).toThrow(
        name === 'BEACONTOWER_PUBLIC_URL' ? /PUBLIC_URL/ : /OIDC/,
      );
    expect(() => readEnvironment({ ...needed, BEACONTOWER_OIDC_SECOND_FACTOR: 'mfa' })).toThrow(/amr:mfa/);
  });

  it('lets nodes below report to an address that has a name', () => {
    expect(readEnvironment({}).federation).toBeNull();
    const here = { BEACONTOWER_FEDERATION_LISTEN: '192.0.2.1:8443' };
    expect(readEnvironment(here).federation).toEqual({ listen: { host: '192.0.2.1', port: 8_443 }, names: ['192.0.2.1'], silenceMs: null });
    expect(readEnvironment({ ...here, BEACONTOWER_FEDERATION_SILENCE: '2m' }).federation?.silenceMs).toBe(120_000);
    expect(() => readEnvironment({ ...here, BEACONTOWER_FEDERATION_SILENCE: '1s' })).toThrow(/10s to 1h/);
    const named = { BEACONTOWER_FEDERATION_LISTEN: ':8443', BEACONTOWER_FEDERATION_NAMES: 'noc.example.cn,fd00::1' };
    expect(readEnvironment(named).federation?.names).toEqual(['noc.example.cn', 'fd00::1']);
    expect(() => readEnvironment({ BEACONTOWER_FEDERATION_LISTEN: ':8443' })).toThrow(/BEACONTOWER_FEDERATION_NAMES/);
    expect(() => readEnvironment({ ...here, BEACONTOWER_FEDERATION_NAMES: 'a b' })).toThrow(/BEACONTOWER_FEDERATION_NAMES/);
  });

  it('believes no gateway and takes no password in clear unless told to', () => {
    expect(readEnvironment({})).toMatchObject({ allowHttp: false, trustedProxies: [] });
    const told = { BEACONTOWER_ALLOW_HTTP: '1', BEACONTOWER_TRUSTED_PROXIES: '10.0.0.7, 192.0.2.0/24,2001:db8::/64' };
    expect(readEnvironment(told)).toMatchObject({ allowHttp: true, trustedProxies: ['10.0.0.7', '192.0.2.0/24', '2001:db8::/64'] });
  });

  it.each([
    ['BEACONTOWER_ALLOW_HTTP', 'yes'],
    ['BEACONTOWER_TRUSTED_PROXIES', 'gateway.example'],
    ['BEACONTOWER_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['BEACONTOWER_TRUSTED_PROXIES', '10.0.0.0/8,'],
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
