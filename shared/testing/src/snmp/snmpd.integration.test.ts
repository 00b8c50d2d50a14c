import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programsPresent } from '../services.ts';
import { type Snmpd, startSnmpd } from './snmpd.ts';

const USER = {
  name: 'watcher',
  auth: { protocol: 'SHA-256', key: 'an-auth-key' },
  privacy: { protocol: 'AES', key: 'a-privacy-key' },
} as const;
const V3 = ['-v3', '-l', 'authPriv', '-u', USER.name, '-a', 'SHA-256', '-A', USER.auth.key, '-x', 'AES', '-X', USER.privacy.key];
const NAME = '1.3.6.1.2.1.1.5.0';
const ENGINE_BOOTS = '1.3.6.1.6.3.10.2.1.2.0';
const ENGINE_ID = '1.3.6.1.6.3.10.2.1.1.0';

const GET = 'snmpget';

describe.runIf(programsPresent('snmpd', GET))('a private snmpd', () => {
  let snmpd: Snmpd;
  beforeAll(async () => {
    snmpd = await startSnmpd({ users: [USER], engineId: '80001f8880aabbccdd01', sysName: 'here' });
  });
  afterAll(() => snmpd.stop());

  const get = (host: string, credentials: readonly string[], oid: string) =>
    execFileSync(GET, [...credentials, '-Oqv', '-t5', '-r0', `${host}:${snmpd.port}`, oid], { encoding: 'utf8' }).trim();

  it('answers v1, v2c and v3 over IPv4 and IPv6', () => {
    for (const host of ['udp:127.0.0.1', 'udp6:[::1]']) {
      expect(get(host, ['-v1', '-c', 'public'], NAME)).toBe('"here"');
      expect(get(host, ['-v2c', '-c', 'public'], NAME)).toBe('"here"');
      expect(get(host, V3, NAME)).toBe('"here"');
    }
  });

  it('comes back with more boots, and with another engine id when told', async () => {
    const boots = Number(get('udp:127.0.0.1', V3, ENGINE_BOOTS));
    await snmpd.halt();
    await snmpd.start();
    expect(Number(get('udp:127.0.0.1', V3, ENGINE_BOOTS))).toBe(boots + 1);
    await snmpd.start({ engineId: '80001f8880aabbccdd02', forget: true });
    expect(get('udp:127.0.0.1', V3, ENGINE_ID)).toContain('DD 02');
    expect(Number(get('udp:127.0.0.1', V3, ENGINE_BOOTS))).toBe(1);
  });

  it('says why when it does not start', async () => {
    await expect(startSnmpd({ port: snmpd.port })).rejects.toThrow('snmpd did not start');
  });
});
