import type { IcmpSampleBatch, InterfaceSampleBatch } from '@beacontower/contracts';
import { programsPresent, startRedis, type TestServer } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeSamples, packUint16, packUint32, packValue } from './codec.ts';
import { createRedis } from './redis.ts';
import { readSamples, readSamplesBetween, readStreamStates } from './sample-streams.ts';
import { appendSamples } from './samples.ts';

const icmp = (rows: number): IcmpSampleBatch => ({
  type: 'icmp',
  shard: '0.centre.icmp.10000',
  tick: 1,
  startedAt: 1,
  checks: packUint32(new Uint32Array(rows)),
  sent: packUint16(new Uint16Array(rows)),
  received: packUint16(new Uint16Array(rows)),
  rttMin: packUint32(new Uint32Array(rows)),
  rttAvg: packUint32(new Uint32Array(rows)),
  rttMax: packUint32(new Uint32Array(rows)),
  jitter: packUint32(new Uint32Array(rows)),
});

describe.runIf(programsPresent('redis-server'))('streams of samples, with a real Redis', () => {
  let server: TestServer;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedis();
    redis = createRedis(server.url, () => undefined);
  });
  beforeEach(() => redis.flushall());
  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  it('are read in order, after an offset or between two; what is no batch is null', async () => {
    const ids: string[] = [];
    for (const entry of [
      encodeSamples(icmp(1)),
      Buffer.from('nonsense'),
      encodeSamples({ ...icmp(2), sent: packUint16([1]) }),
      encodeSamples(icmp(3)),
    ])
      ids.push(String(await redis.xadd('s', '*', 'e', entry)));
    await redis.xadd('s', '*', 'x', packValue(1));
    const all = await readSamples(
      redis,
      new Map([
        ['s', '0'],
        ['t', '0'],
      ]),
      { count: 10, blockMs: 10 },
    );
    expect(all.map(({ batch }) => batch?.checks.byteLength ?? null)).toEqual([4, null, null, 12, null]);
    expect(all.slice(0, 4).map(({ id }) => id)).toEqual(ids);
    const after = await readSamples(redis, new Map([['s', ids[2] ?? '']]), { count: 1, blockMs: 10 });
    expect(after.map(({ id }) => id)).toEqual([ids[3]]);
    const between = await readSamplesBetween(redis, 's', ids[0] ?? '', ids[2] ?? '', 2);
    expect(between.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  });

  it('refuse batches whose columns differ in length', async () => {
    const column = packUint32([1]);
    const batch: InterfaceSampleBatch = {
      type: 'interfaces',
      shard: '0.centre.snmp.60000',
      tick: 1,
      startedAt: 1,
      checks: column,
      read: column,
      uptime: column,
      broken: column,
      speed: column,
      status: new Uint8Array(1),
      present: new Uint8Array(2),
      wide: new Uint8Array(2),
      counters: Array.from({ length: 12 }, () => new Uint8Array(8)),
    };
    await redis.xadd('s', '*', 'e', encodeSamples(batch));
    await redis.xadd('s', '*', 'e', encodeSamples({ ...batch, counters: batch.counters.with(7, new Uint8Array(7)) }));
    const read = await readSamples(redis, new Map([['s', '0']]), { count: 10, blockMs: 10 });
    expect(read.map(({ batch: each }) => each?.type ?? null)).toEqual(['interfaces', null]);
  });

  it('tell their state, also those that are not there', async () => {
    for (let i = 0; i < 5; i++) await redis.xadd('s', `${i + 1}-0`, 'e', 'x');
    await redis.xtrim('s', 'MAXLEN', '=', 2);
    expect(await readStreamStates(redis, ['s', 'none'])).toEqual([{ length: 2, added: 5, lastId: '5-0', firstId: '4-0' }, null]);
    await redis.xtrim('s', 'MAXLEN', '=', 0);
    expect((await readStreamStates(redis, ['s']))[0]).toMatchObject({ length: 0, added: 5, firstId: null });
  });

  it('keep their budget when batches of quite different sizes share them', async () => {
    const budget = 2_000_000;
    // Another collector's small batches make up most of the entries.
    for (let i = 0; i < 4_000; i++) await redis.xadd('s', '*', 'e', Buffer.alloc(300));
    let dropped = 0;
    for (let i = 0; i < 30; i++) dropped += (await appendSamples(redis, 's', icmp(500), budget)).dropped;
    // By the size of the large batches alone, 160 entries would have been left.
    expect(await redis.xlen('s')).toBeGreaterThan(2_000);
    expect(Number(await redis.call('MEMORY', 'USAGE', 's', 'SAMPLES', 0))).toBeLessThan(budget * 1.5);
    expect(dropped).toBeLessThan(4_000);
  });
});
