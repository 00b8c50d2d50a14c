import type { SnmpShardPlan } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { mapRows } from './mapping.ts';
import { makeTable } from './names.ts';
import { compilePlan } from './plan.ts';
import { Sessions } from './sessions.ts';
import type { SnmpTransport } from './wire/port.ts';

const opener = {
  open(sealed: string, context: string): string {
    if (context !== 'credential good') throw new Error(`cannot open ${sealed}`);
    return sealed;
  },
};
const device = { device: 'n:r1', address: '2001:db8::1', port: 161, credential: 0, policy: 0, check: 9, digest: null };
const plan: SnmpShardPlan = {
  version: 1,
  shard: '0.main.snmp.60000',
  partition: 0,
  zone: 'main',
  kind: 'snmp',
  intervalMs: 60_000,
  phaseMs: 0,
  anchors: [],
  checks: [],
  credentials: [
    { id: 'good', version: '2c', sealed: '{"version":"2c","community":"public"}' },
    { id: 'bad', version: '2c', sealed: 'x' },
  ],
  policies: [{ timeoutMs: 2_000, retries: 2 }],
  devices: [
    {
      ...device,
      interfaces: [
        { check: 1, name: 'a' },
        { check: 2, name: 'gone' },
      ],
    },
  ],
};

describe('a plan', () => {
  it('has its credentials opened, and goes on without one that does not open', () => {
    const devices = [...plan.devices, { ...device, device: 'n:r2', credential: 1, check: 10, interfaces: [] }];
    const compiled = compilePlan({ ...plan, devices }, opener);
    expect(compiled.devices[0]).toMatchObject({ secret: { community: 'public' }, isV6: true, timeoutMs: 2_000 });
    expect(compiled.devices[1]?.secret).toBeNull();
    expect(compiled.deviceOfCheck).toEqual(
      new Map([
        [9, 0],
        [1, 0],
        [2, 0],
        [10, 1],
      ]),
    );
  });

  it('takes what opens and is no secret of ours for one that does not open', () => {
    const credentials = [{ id: 'good', version: '2c' as const, sealed: '{"version":"2c"}' }];
    expect(compilePlan({ ...plan, credentials }, opener).devices[0]?.secret).toBeNull();
    expect(
      compilePlan({ ...plan, credentials: [{ ...credentials[0], id: 'good', version: '2c', sealed: 'no json' }] }, opener).devices[0]
        ?.secret,
    ).toBeNull();
  });
});

describe('which row belongs to which check', () => {
  const planned = compilePlan(plan, opener).devices[0];
  if (!planned) throw new Error('no device');
  const raw = { descr: '', alias: '', type: 6, speed: null, highSpeed: null, broken: null };
  const system = { descr: '', objectId: '', name: '', location: '', contact: '' };
  const table = makeTable(
    system,
    new Map([
      [5, { ...raw, name: 'a' }],
      [7, { ...raw, name: 'b' }],
    ]),
  );

  it('goes by name, and says which names are missing', () => {
    const mapping = mapRows(null, planned, table, Uint32Array.of(5, 7, 9));
    expect([...mapping.rows]).toEqual([0]);
    expect([...mapping.checks]).toEqual([1]);
    expect(mapping.missing).toEqual([2]);
  });

  it('has an interface twice where a circuit ends at it', () => {
    const interfaces = [
      { check: 1, name: 'a' },
      { check: 3, name: 'b' },
      { check: 2, name: 'a' },
    ];
    const [twice] = compilePlan({ ...plan, devices: [{ ...device, interfaces }] }, opener).devices;
    if (!twice) throw new Error('no device');
    const mapping = mapRows(null, twice, table, Uint32Array.of(5, 7));
    expect([...mapping.rows]).toEqual([0, 0, 1]);
    expect([...mapping.checks]).toEqual([1, 2, 3]);
  });

  it('is worked out anew only when something is another', () => {
    const mapping = mapRows(null, planned, table, Uint32Array.of(5, 7));
    expect(mapRows(mapping, planned, table, Uint32Array.of(5, 7))).toBe(mapping);
    expect(mapRows(mapping, planned, table, Uint32Array.of(5))).not.toBe(mapping);
    expect(mapRows(mapping, { ...planned }, table, Uint32Array.of(5, 7))).not.toBe(mapping);
  });
});

describe('what is remembered of devices', () => {
  it('is kept from plan to plan, made anew for another address, and ended when it goes', async () => {
    const ended: string[] = [];
    const transport = {
      conversation: ({ address }: { address: string }) => ({ end: () => ended.push(address) }),
    } as unknown as SnmpTransport;
    const sessions = new Sessions(transport, 600_000);
    const [first] = compilePlan(plan, opener).devices;
    const [again] = compilePlan({ ...plan, version: 2 }, opener).devices;
    if (!first?.secret || !again) throw new Error('no device');
    const memory = sessions.get(plan.shard, first, first.secret);
    expect(sessions.get(plan.shard, again, first.secret)).toBe(memory);
    expect(sessions.answers(plan.shard, first.device)).toBe(false);
    memory.standing = 'answers';
    expect(sessions.answers(plan.shard, first.device)).toBe(true);
    const [moved] = compilePlan({ ...plan, devices: plan.devices.map((one) => ({ ...one, address: '192.0.2.1' })) }, opener).devices;
    if (!moved) throw new Error('no device');
    expect(sessions.get(plan.shard, moved, first.secret)).not.toBe(memory);
    sessions.follow(plan.shard, 3, []);
    expect(sessions.count).toBe(0);
    sessions.get(plan.shard, first, first.secret);
    sessions.keepOnly(new Set());
    expect(sessions.count).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toEqual(['2001:db8::1', '192.0.2.1', '2001:db8::1']);
  });
});
