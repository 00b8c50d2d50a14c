import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TracerouteAnswer, tracerouteKind } from '@beacontower/contracts';
import { ask, createKeys, createRedis, RequestError } from '@beacontower/queue';
import { createLogger, SystemClock } from '@beacontower/runtime';
import { programsPresent, startRedis, type TestServer, waitFor } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Commands } from './commands.ts';
import { traceTo } from './tracer.ts';
import { ZoneTracers } from './zone-tracers.ts';

const able = programsPresent('redis-server', 'fping', 'ip') && process.getuid?.() === 0;
const withTracepath = able && programsPresent('tracepath');
const spaces = ['here', 'first', 'second', 'there'].map((name) => `bt-way-${process.pid}-${name}`);
/** They route, and tell of every probe whose time is over: else only a few a second. */
const ROUTER = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1', 'net.ipv4.icmp_ratelimit=0', 'net.ipv6.icmp.ratelimit=0'];
const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });
const inside = (space: string, ...args: string[]) => ip('netns', 'exec', space, ...args);

/** Four namespaces in a row, joined by links 10.91.<n>.0/24 and fd91:<n>::/64; the two in the middle route. */
describe.runIf(able)('the way to an address', () => {
  let directory: string;
  let fping: string;
  let tracepath: string;
  const commands = new Commands();
  const options = () => ({ fping, tracepath, commands, now: () => 7 });

  beforeAll(() => {
    for (const space of spaces) {
      ip('netns', 'add', space);
      ip('-n', space, 'link', 'set', 'lo', 'up');
    }
    for (const [index, near] of spaces.slice(0, -1).entries()) {
      const far = spaces[index + 1] ?? '';
      ip('-n', near, 'link', 'add', 'right', 'type', 'veth', 'peer', 'name', 'left', 'netns', far);
      for (const [space, device, host] of [
        [near, 'right', 1],
        [far, 'left', 2],
      ] as const) {
        ip('-n', space, 'link', 'set', device, 'up');
        ip('-n', space, 'addr', 'add', `10.91.${index}.${host}/24`, 'dev', device);
        ip('-n', space, 'addr', 'add', `fd91:${index}::${host}/64`, 'dev', device, 'nodad');
      }
      if (index > 0) inside(near, 'sysctl', '-qw', ...ROUTER);
    }
    const [here = '', first = '', second = '', there = ''] = spaces;
    const routes = [
      [here, 'default', '10.91.0.2', 'fd91:0::2'],
      [first, 'default', '10.91.1.2', 'fd91:1::2'],
      [second, ['10.91.0.0/24', 'fd91:0::/64'], '10.91.1.1', 'fd91:1::1'],
      [there, 'default', '10.91.2.1', 'fd91:2::1'],
    ] as const;
    for (const [space, to, four, six] of routes) {
      ip('-n', space, 'route', 'add', typeof to === 'string' ? to : to[0], 'via', four);
      ip('-n', space, '-6', 'route', 'add', typeof to === 'string' ? to : to[1], 'via', six);
    }
    directory = mkdtempSync(join(tmpdir(), 'bt-way-'));
    const wrapper = (name: string) => {
      const path = join(directory, name);
      writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${here} ${name} "$@"\n`);
      chmodSync(path, 0o755);
      return path;
    };
    fping = wrapper('fping');
    tracepath = wrapper('tracepath');
  });
  afterAll(() => {
    commands.stop();
    for (const space of spaces) ip('netns', 'del', space);
    rmSync(directory, { recursive: true });
  });

  const silent = { address: null, rttMs: null, note: null };

  // First of all: of ways it does not know a router tells a few times a second only, whatever it is told.
  it('ends at the router that knows no way', async () => {
    const { hops, reached } = await traceTo('10.77.0.1', options());
    expect([reached, hops.at(-1)]).toMatchObject([false, { address: '10.91.1.2', note: 'ICMP Network Unreachable' }]);
  });

  it('is told hop by hop', async () => {
    const { hops, ...way } = await traceTo('10.91.2.2', options());
    expect(way).toEqual({ address: '10.91.2.2', at: 7, by: 'fping', reached: true, note: null });
    expect(hops.map(({ ttl, address }) => [ttl, address])).toEqual([
      [1, '10.91.0.2'],
      [2, '10.91.1.2'],
      [3, '10.91.2.2'],
    ]);
    expect(hops.at(-1)?.rttMs).toBeGreaterThan(0);
  });

  it('ends behind the last one heard when nobody is there', async () => {
    const { hops, reached } = await traceTo('10.91.2.77', options());
    expect(reached).toBe(false);
    expect(hops.slice(0, 2).map(({ address }) => address)).toEqual(['10.91.0.2', '10.91.1.2']);
    // After three seconds without an answer the last router says that the host is unreachable.
    expect(hops[1]?.note === 'ICMP Host Unreachable' || hops[2]?.address === null).toBe(true);
  });

  it.runIf(withTracepath)('is told over IPv6 too (nav 1130: both families)', async () => {
    const { hops, by, reached } = await traceTo('fd91:2::2', options());
    expect([by, reached, hops.map(({ address }) => address)]).toEqual(['tracepath', true, ['fd91::2', 'fd91:1::2', 'fd91:2::2']]);
    const gone = await traceTo('fd91:2::77', options());
    expect([gone.reached, gone.hops.slice(0, 2).map(({ address }) => address)]).toEqual([false, ['fd91::2', 'fd91:1::2']]);
  });

  it('says what is missing to tell it over IPv6', async () => {
    const { note, by, hops } = await traceTo('fd91:2::2', { ...options(), tracepath: join(directory, 'nothing') });
    expect(by).toBe('fping');
    expect(note).toMatch(/iputils-tracepath/);
    expect(hops.at(-1)).toMatchObject({ ttl: 3, address: 'fd91:2::2' });
    expect(hops[0]).toEqual({ ttl: 1, ...silent });
  });

  describe('asked for over Redis', () => {
    let server: TestServer;
    let redis: Redis;
    const keys = createKeys('test');
    beforeAll(async () => {
      server = await startRedis();
      redis = createRedis(server.url, () => undefined);
    });
    afterAll(async () => {
      redis.disconnect();
      await server.stop();
    });

    it('is answered for the zones that are served, as they come and go', async () => {
      const zones = ['a'];
      const tracers = new ZoneTracers({
        ...{ redis, keys, fping, tracepath, concurrency: 2, clock: new SystemClock() },
        logger: createLogger({ name: 'test', level: 'silent' }),
        zones: () => zones,
        onAnswer: () => undefined,
      });
      const way = (zone: string, address: string) => ask(redis, keys, tracerouteKind(zone), { address }, { timeoutMs: 10_000 });
      await tracers.start();
      try {
        const answered = await waitFor(() => way('a', '10.91.2.2').catch(() => null), { what: 'zone a is served' });
        expect(TracerouteAnswer.parse(answered)).toMatchObject({ address: '10.91.2.2', reached: true });
        await expect(way('b', '10.91.2.2')).rejects.toMatchObject({ code: 'nobody' });
        await expect(way('a', 'example.org; reboot')).rejects.toBeInstanceOf(RequestError);
        zones.push('b');
        await waitFor(() => way('b', '10.91.0.2').catch(() => null), { what: 'zone b is served' });
      } finally {
        await tracers.stop();
      }
      await expect(way('a', '10.91.2.2')).rejects.toMatchObject({ code: 'nobody' });
    });
  });
});
