import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../fake-clock.ts';
import { TAG } from './ber.ts';
import { AgentDevice } from './device.ts';
import type { AgentDeviceOptions } from './device-options.ts';
import { ask } from './test-helpers.ts';

const UPTIME = '1.3.6.1.2.1.1.3.0';
const CHANGED = '1.3.6.1.2.1.31.1.5.0';
const NUMBER = '1.3.6.1.2.1.2.1.0';
const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock();
});

const make = (options: AgentDeviceOptions = {}) =>
  new AgentDevice(
    {
      uptimeMs: 3_600_000,
      interfaces: ['eth1', 'eth2', 'eth3'].map((name) => ({ name, alias: `to ${name}`, traffic: { inBps: 8_000, outBps: 16_000 } })),
      ...options,
    },
    () => clock.now(),
  );
const get = (device: AgentDevice, ...oids: string[]) => ask(device, { oids }, clock.now())?.varbinds.map(({ value }) => value);
const column = (device: AgentDevice, prefix: string) =>
  ask(device, { pdu: TAG.getBulk, second: 10, oids: [prefix] }, clock.now())
    ?.varbinds.filter(({ oid }) => oid.startsWith(`${prefix}.`))
    .map(({ oid, value }) => [Number(oid.slice(prefix.length + 1)), value]);

describe('time', () => {
  it('moves uptime and counters, the 32-bit ones as the low half of the others', () => {
    const device = make();
    device.setCounter('eth1', 'inOctets', 2n ** 32n - 1n);
    clock.advance(2_500);
    expect(get(device, UPTIME, `${IF}.10.1`, `${IFX}.6.1`, `${IFX}.10.2`)).toEqual([360_250n, 2_499n, 2n ** 32n + 2_499n, 5_000n]);
    expect(device.increment('eth1', 'inOctets', clock.now() - 2_500, clock.now())).toBe(2_500);
    expect(device.counter('eth1', 'inOctets')).toBe(2n ** 32n + 2_499n);
  });

  it('counts uptime in 32 bits, which is over after 497 days', () => {
    const device = make({ uptimeMs: 2 ** 32 * 10 - 10 });
    clock.advance(30);
    expect(get(device, UPTIME)).toEqual([2n]);
  });

  it('adds multicast and broadcast in the old table', () => {
    const device = make();
    clock.advance(10_000_000);
    const [both, multicast, broadcast] = get(device, `${IF}.12.1`, `${IFX}.2.1`, `${IFX}.3.1`) as [bigint, bigint, bigint];
    expect(multicast).toBeGreaterThan(0n);
    expect(both).toBe(multicast + broadcast);
  });
});

describe('what can happen to a device', () => {
  it('it starts again', () => {
    const device = make();
    clock.advance(1_000);
    device.restart({ renumber: 'rotate' });
    expect(get(device, UPTIME, CHANGED)).toEqual([0n, 0n]);
    expect(column(device, `${IFX}.1`)).toEqual([
      [1, 'eth3'],
      [2, 'eth1'],
      [3, 'eth2'],
    ]);
    clock.advance(1_000);
    expect(get(device, UPTIME, `${IFX}.6.2`, `${IF}.1.2`)).toEqual([100n, 1_000n, 2n]);
    expect(device.increment('eth1', 'inOctets', clock.now() - 2_000, clock.now())).toBe(2_000);
  });

  it('its interfaces get other numbers, and it says so or not', () => {
    const device = make();
    clock.advance(1_000);
    device.renumber({ eth2: 70 }, { untold: true });
    expect(column(device, `${IF}.1`)).toEqual([
      [1, 1n],
      [3, 3n],
      [70, 70n],
    ]);
    expect(get(device, CHANGED)).toEqual([0n]);
    device.renumber({ eth2: 2 });
    expect(get(device, CHANGED)).toEqual([360_100n]);
    expect(() => device.renumber({ eth2: 1 })).toThrow(RangeError);
  });

  it('interfaces come, go and are named anew', () => {
    const device = make();
    device.removeInterface('eth2');
    device.addInterface({ name: 'eth9', alias: 'new', speed: 100e9 });
    device.rename('eth1', 'slot2/eth1');
    device.setAlias('eth3', 'elsewhere');
    expect(get(device, NUMBER)).toEqual([3n]);
    expect(column(device, `${IFX}.1`)?.map(([, name]) => name)).toEqual(['slot2/eth1', 'eth3', 'eth9']);
    expect(column(device, `${IFX}.18`)?.map(([, alias]) => alias)).toEqual(['to eth1', 'elsewhere', 'new']);
    expect(get(device, `${IFX}.15.4`, `${IF}.5.4`)).toEqual([100_000n, 4_294_967_295n]);
    expect(() => device.removeInterface('eth2')).toThrow('no interface "eth2"');
  });

  it('an interface goes down, and its counters stand still until it is up', () => {
    const device = make();
    clock.advance(1_000);
    device.setStatus('eth1', { oper: 'down' });
    clock.advance(5_000);
    expect(get(device, `${IF}.7.1`, `${IF}.8.1`, `${IF}.9.1`, `${IFX}.6.1`)).toEqual([1n, 2n, 360_100n, 1_000n]);
    device.setStatus('eth1', { admin: 'down' });
    device.setStatus('eth1', { oper: 'up', admin: 'up' });
    clock.advance(1_000);
    expect(get(device, `${IF}.7.1`, `${IF}.8.1`, `${IFX}.6.1`)).toEqual([1n, 1n, 2_000n]);
  });

  it('counters of one interface begin again and it says when', () => {
    const device = make();
    clock.advance(1_000);
    device.discontinue('eth1');
    clock.advance(1_000);
    expect(get(device, `${IFX}.6.1`, `${IFX}.19.1`, `${IFX}.19.2`)).toEqual([1_000n, 360_100n, 0n]);
  });
});

it('a device of 32 bits has no ifXTable', () => {
  const device = make({ highCapacity: false });
  expect(column(device, `${IFX}.6`)).toEqual([]);
  expect(ask(device, { oids: [CHANGED] }, clock.now())?.varbinds[0]?.tag).toBe(TAG.noSuchObject);
  expect(column(device, `${IF}.2`)).toHaveLength(3);
});
