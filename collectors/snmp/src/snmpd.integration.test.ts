import { networkInterfaces } from 'node:os';
import type { SnmpSecret } from '@beacontower/contracts';
import { programsPresent, type Snmpd, startRedis, startSnmpd } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestRig } from './test-rig.ts';

const able = programsPresent('redis-server', 'fping', 'snmpd');
const KEY = 'a-key-of-tests-only';
const v3 = (more: Partial<Extract<SnmpSecret, { version: '3' }>> = {}): SnmpSecret => ({
  version: '3',
  user: 'strong',
  context: '',
  auth: { protocol: 'sha256', key: KEY },
  privacy: { protocol: 'aes128', key: KEY },
  ...more,
});

describe.runIf(able)('a real snmpd', () => {
  let rig: TestRig;
  let snmpd: Snmpd;

  beforeAll(async () => {
    rig = new TestRig(await startRedis());
    snmpd = await startSnmpd({
      users: [
        { name: 'strong', auth: { protocol: 'SHA-256', key: KEY }, privacy: { protocol: 'AES', key: KEY } },
        { name: 'signed', auth: { protocol: 'SHA-512', key: KEY } },
      ],
    });
  });
  afterAll(async () => {
    await snmpd?.stop();
    await rig.stop();
  });
  beforeEach(() => rig.reset());
  afterEach(() => rig.stopCollector());

  const hasV6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

  it.each<[string, string, SnmpSecret]>([
    ['v2c over IPv4', '127.0.0.1', { version: '2c', community: 'public' }],
    ['v1 over IPv4', '127.0.0.1', { version: '1', community: 'public' }],
    ['v3 with SHA-256 and AES over IPv4', '127.0.0.1', v3()],
    ['v3 with SHA-512 over IPv4', '127.0.0.1', v3({ user: 'signed', auth: { protocol: 'sha512', key: KEY }, privacy: null })],
    ...(hasV6
      ? ([
          ['v2c over IPv6', '::1', { version: '2c', community: 'public' }],
          ['v3 over IPv6', '::1', v3()],
        ] as [string, string, SnmpSecret][])
      : []),
  ])('%s: observed and sampled', async (_, address, secret) => {
    await rig.plan([{ address, port: snmpd.port, secret, interfaces: [{ check: 1, name: 'lo' }] }], {
      policies: [{ timeoutMs: 1_500, retries: 2 }],
    });
    await rig.startCollector();
    expect(await rig.round()).toBe('taken');
    await rig.round();
    const seen = await rig.verdicts();
    expect(seen).toMatchObject({ 1: 'up link-up', 1000: 'up agent-answers' });
    const rows = await rig.samples();
    expect(rows).toHaveLength(2);
    const [before, after] = rows;
    expect(after?.counters[0]).toBeGreaterThanOrEqual(before?.counters[0] ?? 0n);
    if (secret.version !== '1') expect((after?.wide ?? 0) & 1).toBe(1);
    expect((after?.present ?? 0) & 0x11).toBe(0x11);
    expect(after?.uptime).toBeGreaterThanOrEqual(before?.uptime ?? 0);
    expect((await rig.told())[0]?.system).toMatchObject({ name: 'snmpd-of-tests', location: 'nowhere' });
  });

  it.each<[string, SnmpSecret, string]>([
    ['an unknown user', v3({ user: 'nobody' }), 'down unknown-user'],
    ['a wrong authentication key', v3({ auth: { protocol: 'sha256', key: 'another-key-of-tests' } }), 'down wrong-key'],
    ['a wrong authentication protocol', v3({ auth: { protocol: 'sha512', key: KEY } }), 'down wrong-key'],
    ['privacy for a user who has none', v3({ user: 'signed', auth: { protocol: 'sha512', key: KEY } }), 'down unsupported-security'],
    ['a wrong community', { version: '2c', community: 'wrong-community' }, 'down no-reply'],
  ])('%s is said by name, and no key with it', async (_, secret, verdict) => {
    await rig.plan([{ port: snmpd.port, secret, interfaces: [{ check: 1, name: 'lo' }] }], { policies: [{ timeoutMs: 800, retries: 1 }] });
    await rig.startCollector();
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 1000: verdict });
    const text = (await rig.detail(1000))?.text ?? '';
    expect(text.length).toBeGreaterThan(20);
    for (const secretWord of [KEY, 'another-key-of-tests', 'wrong-community']) expect(text).not.toContain(secretWord);
  });

  it('v3 goes on after the agent started again', async () => {
    await rig.plan([{ port: snmpd.port, secret: v3(), interfaces: [{ check: 1, name: 'lo' }] }], {
      policies: [{ timeoutMs: 1_500, retries: 2 }],
    });
    await rig.startCollector();
    await rig.round();
    await snmpd.halt();
    await snmpd.start();
    await rig.round();
    expect(await rig.verdicts()).toMatchObject({ 1: 'up link-up', 1000: 'up agent-answers' });
  });
});
