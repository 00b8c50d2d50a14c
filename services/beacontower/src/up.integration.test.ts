import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { isAlive } from '@beacontower/runtime';
import { programsPresent, waitFor } from '@beacontower/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearData, get, processesOf, processNamed, runCommand, startNode, type TestNode, TOKEN, temporaryData } from './test-node.ts';
import { DEFAULT_CONFIGURATION } from './version.ts';

const CHILDREN = ['collect', 'judge', 'postgres', 'redis', 'serve', 'store', 'supervisor'];

describe.runIf(programsPresent('redis-server', 'fping'))('beacontower up', { timeout: 180_000 }, () => {
  let data: string;

  beforeEach(() => {
    data = temporaryData();
    // As a data directory of a person: the database's account must be able to pass through.
    chmodSync(data, 0o711);
  });

  afterEach(async () => {
    await clearData(data);
  });

  const answers = async (node: TestNode, path: string) => (await get(node, path))?.status === 200;

  it('starts from nothing, watches this machine, and leaves no process on Ctrl-C', async () => {
    const node = await startNode({ data });
    await node.ready();
    expect(node.out()).toMatch(/watching {3}1 object by 2 checks: .*127\.0\.0\.1, ::1/);
    expect(node.out()).toContain(`${node.url}/docs`);
    expect(node.out() + node.err()).not.toContain(TOKEN);
    const names = processesOf(data).map(({ name }) => name);
    expect([...new Set(names)].filter((name) => name !== 'backend').sort()).toEqual(CHILDREN);
    await waitFor(() => answers(node, '/readyz'), { timeoutMs: 30_000 });

    const pids = processesOf(data).map(({ pid }) => pid);
    node.child.kill('SIGINT');
    const { code, out } = await node.ended;
    expect(code).toBe(0);
    expect(out).toContain('stopped; nothing is left running');
    expect(pids.filter(isAlive)).toEqual([]);
    expect(processesOf(data)).toEqual([]);
  });

  it('keeps the secret of its PostgreSQL in a file that only its account may read, and tells how to make a token', async () => {
    const node = await startNode({ data, env: { BEACONTOWER_TOKEN: '' } });
    await node.ready();
    const told = /scripts\/beacontower (token create .*)/.exec(node.out())?.[1]?.split(' ') ?? [];
    expect(told.slice(-2)).toEqual(['--data', data]);
    expect(await runCommand(told)).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^\S{16,}\n$/) });
    const file = join(data, 'postgres', 'password');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const secret = readFileSync(file, 'utf8').trim();
    expect(secret.length).toBeGreaterThanOrEqual(24);
    expect(node.out() + node.err()).not.toContain(secret);
    for (const { pid } of processesOf(data)) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(secret);
    node.child.kill('SIGTERM');
    expect((await node.ended).code).toBe(0);
  });

  it('is ready soon the second time, by scripts/up, and a signal to the script ends all', async () => {
    const first = await startNode({ data, script: true });
    await first.ready();
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(0);
    const again = await startNode({ data, script: true });
    // On a quiet machine it takes under 5 s; tests share theirs with others, and a start is hundreds of modules to load.
    expect(await again.ready()).toBeLessThan(60_000);
    again.child.kill('SIGTERM');
    expect((await again.ended).code).toBe(0);
    expect(processesOf(data)).toEqual([]);
    // The first start may have to build.
  }, 240_000);

  it('brings back each child, Redis and PostgreSQL after kill -9, and counts it', async () => {
    const node = await startNode({ data });
    await node.ready();
    const supervisor = processNamed(data, 'supervisor')?.pid;
    for (const name of ['redis', 'postgres', 'judge', 'collect', 'serve', 'store']) {
      const before = processNamed(data, name);
      if (!before) throw new Error(`${name} does not run`);
      process.kill(before.pid, 'SIGKILL');
      await waitFor(() => ![undefined, before.pid].includes(processNamed(data, name)?.pid), { timeoutMs: 20_000 });
      await waitFor(() => answers(node, '/readyz'), { timeoutMs: 30_000 });
    }
    expect(processNamed(data, 'supervisor')?.pid).toBe(supervisor);
    await waitFor(async () => {
      const metrics = (await get(node, '/metrics'))?.text ?? '';
      return CHILDREN.filter((name) => name !== 'supervisor').every((name) => hasCounted(metrics, name));
    });
    node.child.kill('SIGINT');
    await node.ended;
    expect(processesOf(data)).toEqual([]);
  });

  it('leaves no child when it is killed itself, and starts again on the same data', async () => {
    const node = await startNode({ data });
    await node.ready();
    node.child.kill('SIGKILL');
    await node.ended;
    await waitFor(() => processesOf(data).length === 0, { timeoutMs: 20_000 });
    const again = await startNode({ data });
    await again.ready();
    await waitFor(() => answers(again, '/readyz'), { timeoutMs: 30_000 });
    again.child.kill('SIGINT');
    expect((await again.ended).code).toBe(0);
  });

  it('refuses a second start on the same data in one line', async () => {
    const node = await startNode({ data });
    await node.ready();
    const second = await (await startNode({ data })).ended;
    expect(second.code).toBe(1);
    expect(second.err.trim().split('\n')).toEqual([
      expect.stringMatching(/^beacontower: Beacontower is already running on .*process \d+\).*--data/),
    ]);
    expect(await answers(node, '/healthz')).toBe(true);
    node.child.kill('SIGINT');
    expect((await node.ended).code).toBe(0);
  });

  it('reads its configuration again on SIGHUP, and a bad one changes nothing', async () => {
    const file = join(data, 'configuration.yaml');
    copyFileSync(join(DEFAULT_CONFIGURATION, 'beacontower.yaml'), file);
    const node = await startNode({ data, args: ['--config', file] });
    await node.ready();
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, `${good}\nnonsense: true\n`);
    node.child.kill('SIGHUP');
    await waitFor(() => node.err().includes('the running one stays'));
    expect(node.err()).toContain('nonsense');
    expect((await get(node, '/api/v1/objects'))?.text).not.toContain('second');
    const hook =
      'channels: [{ id: hook, kind: webhook, url: "http://127.0.0.1:9/", secret: { env: BT_TEST_NOT_THERE }, allowLocal: true }]\n';
    const second = good.replace('devices:\n', 'devices:\n  - id: second\n    name: second\n    addresses: { ipv4: 127.0.0.2 }\n');
    writeFileSync(file, `${second}\n${hook}`);
    node.child.kill('SIGHUP');
    await waitFor(() => node.out().includes('configuration read again: 2 added'));
    const missing = 'the environment variable BT_TEST_NOT_THERE is not set here';
    expect(node.err()).toContain(missing);
    expect((await get(node, '/api/v1/objects'))?.text).toContain('local:second');
    node.child.kill('SIGINT');
    expect((await node.ended).code).toBe(0);
    const again = await startNode({ data });
    await again.ready();
    expect(again.err()).toContain(`warning: channel "hook": ${missing}`);
    again.child.kill('SIGINT');
    expect((await again.ended).code).toBe(0);
  });

  describe('refuses in one line that says what to do, and leaves nothing running', () => {
    const refused = async (node: TestNode, line: RegExp) => {
      const { code, err } = await node.ended;
      expect(
        err
          .trim()
          .split('\n')
          .filter((text) => !text.startsWith('{')),
      ).toEqual([expect.stringMatching(line)]);
      expect(code).toBe(1);
      expect(processesOf(data)).toEqual([]);
    };

    it('a port in use', async () => {
      const taken = createServer();
      const port = await new Promise<number>((resolve) => taken.listen(0, '127.0.0.1', () => resolve(portOf(taken.address()))));
      await refused(await startNode({ data, port }), new RegExp(`^beacontower: port ${port} is in use .*--listen HOST:PORT$`));
      taken.close();
    });

    it('no fping', async () => {
      const empty = join(data, 'bin');
      mkdirSync(empty);
      await refused(await startNode({ data, env: { PATH: empty } }), /^beacontower: fping is missing: run "apt-get install fping"/);
    });

    it('no redis-server', async () => {
      const bin = join(data, 'bin');
      mkdirSync(bin);
      writeFileSync(join(bin, 'fping'), '#!/bin/sh\n', { mode: 0o755 });
      await refused(
        await startNode({ data, env: { PATH: bin } }),
        /^beacontower: redis-server is missing: run "apt-get install redis-server"/,
      );
    });

    it('a configuration with faults', async () => {
      const file = join(data, 'bad.yaml');
      writeFileSync(file, 'node: {id: 3\n');
      const { code, err } = await (await startNode({ data, args: ['--config', file] })).ended;
      expect(err).toContain(file);
      expect(err.trim().split('\n').at(-1)).toMatch(/^beacontower: the configuration .*bad\.yaml cannot be used \(\d+ faults?\)/);
      expect(code).toBe(1);
    });

    it.runIf(process.getuid?.() === 0)('a disk that is full', async () => {
      const disk = join(data, 'disk');
      mkdirSync(disk);
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=711', 'tmpfs', disk]).status).toBe(0);
      try {
        const { code, err } = await (await startNode({ data: join(disk, 'node') })).ended;
        expect(err).toMatch(/^beacontower: only \d+ MiB are free on the disk of .*free at least 256 MiB.*--data\n$/);
        expect(code).toBe(1);
      } finally {
        spawnSync('umount', [disk]);
      }
    });

    it.runIf(process.getuid?.() === 0)('a data directory that the account of PostgreSQL cannot reach', async () => {
      const closed = join(data, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      await refused(
        await startNode({ data: join(closed, 'node') }),
        /^beacontower: .*closed\/node cannot be reached by the account .*--data/,
      );
    });

    it('an argument that is none', async () => {
      await refused(await startNode({ data, args: ['--colour', 'red'] }), /^beacontower: Unknown option '--colour'.*--help/);
    });
  });
});

describe('the command line', () => {
  it('tells what it can do, and what was typed wrong', async () => {
    const help = await runCommand(['--help']);
    expect(help.code).toBe(0);
    for (const command of ['up', 'run', 'config check', 'plan', 'apply', 'token create', 'version'])
      expect(help.out).toContain(`beacontower ${command}`);
    const chinese = await runCommand(['--language', 'zh', '--help']);
    expect(chinese).toMatchObject({ code: 0, err: '' });
    expect(chinese.out).toContain('列出配置的全部错误');
    const checked = await runCommand(['--language=zh', 'config', 'check', DEFAULT_CONFIGURATION]);
    expect(checked).toMatchObject({ code: 0, out: expect.stringContaining('1 个文件') });
    const wrong = await runCommand(['dance']);
    expect(wrong).toMatchObject({ code: 1, out: '', err: 'beacontower: there is no command "dance"; "beacontower --help" lists them\n' });
  });
});

function hasCounted(metrics: string, name: string): boolean {
  return metrics
    .split('\n')
    .some(
      (line) => line.startsWith('beacontower_supervisor_restarts_total{') && line.includes(`process="${name}"`) && !line.endsWith(' 0'),
    );
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
