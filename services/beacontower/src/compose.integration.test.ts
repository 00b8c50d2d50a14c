/**
 * The large form without an engine: the commands and the environment of docker-compose.yml, each service a process of its own, as the
 * account of the image when root runs the test, against private servers.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectPage, SelfReport } from '@beacontower/contracts';
import { serverEnvironment } from '@beacontower/runtime';
import { programsPresent, startInfluxd, startPostgres, type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposeService, ROOT, readCompose, roleOf } from './compose.fixture.ts';
import { freePort } from './test-node.ts';

const FROM_SOURCE = ['--import', 'tsx', '--conditions=@beacontower/source', join(ROOT, 'services/beacontower/src/main.ts')];
const compose = readCompose();
const roles = Object.entries(compose.services).filter(([, service]) => roleOf(service) !== undefined);
const isRoot = process.getuid?.() === 0;
const idsOf = (user = '') => {
  const [uid, gid] = user.split(':').map(Number);
  return isRoot ? { uid, gid } : {};
};

describe.runIf(programsPresent('redis-server', 'fping'))('the large form, without containers', () => {
  let directory: string;
  let postgres: TestServer;
  /** InfluxDB 1.x in the place of 2.7; without it the recorder takes its own store. */
  let influxdb: TestServer | undefined;
  let redisPort: number;
  let apiPort: number;
  const children = new Map<string, ChildProcess>();
  const said = new Map<string, string>();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'bt-compose-'));
    chmodSync(directory, 0o755);
    execFileSync(join(ROOT, 'scripts/secrets'), [secret('')], { stdio: 'ignore' });
    // The engine hands each secret out by itself; here the directory has to let the account of the image through.
    chmodSync(secret(''), 0o755);
    [postgres, redisPort, apiPort] = await Promise.all([startPostgres(), freePort(), freePort()]);
    // The fixture's socket is for the fixture's account alone.
    const sockets = new URL(postgres.url).searchParams.get('host') ?? '';
    chmodSync(sockets, 0o755);
    chmodSync(join(sockets, '.s.PGSQL.5432'), 0o777);
    if (programsPresent('influxd')) influxdb = await startInfluxd();
    mkdirSync(join(directory, 'data'));
    chmodSync(join(directory, 'data'), 0o777);
    mkdirSync(join(directory, 'redis'), { mode: 0o777 });
    chmodSync(join(directory, 'redis'), 0o777);
    const password = readFileSync(secret('redis_conf'), 'utf8').replace('requirepass ', '').trim();
    writeFileSync(secret('redis_url'), `redis://:${password}@127.0.0.1:${redisPort}\n`);
    writeFileSync(secret('database_url'), `${postgres.url}\n`);
  }, 120_000);

  afterAll(async () => {
    for (const child of children.values()) child.kill('SIGKILL');
    await Promise.all([postgres?.stop(), influxdb?.stop()]);
    rmSync(directory, { recursive: true, force: true });
  });

  const secret = (name: string) => join(directory, 'secrets', name);
  const inTest = (text: string) => text.replace('/run/secrets/', `${secret('')}/`).replace(/^\/data$/, join(directory, 'redis'));

  /** What the container would be given, with its paths and addresses as they are here. */
  function environmentOf(service: ComposeService): NodeJS.ProcessEnv {
    const { BEACONTOWER_SAMPLES_URL: samplesUrl, BEACONTOWER_SAMPLES_TOKEN_FILE: _token, ...given } = service.environment;
    const set = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, inTest(value)]));
    if (samplesUrl !== undefined && influxdb !== undefined)
      set.BEACONTOWER_SAMPLES_URL = samplesUrl.replace('influxdb:8086', new URL(influxdb.url).host);
    const listen = set.BEACONTOWER_LISTEN === undefined ? {} : { BEACONTOWER_LISTEN: `127.0.0.1:${apiPort}` };
    return { ...serverEnvironment(), ...set, ...listen, BEACONTOWER_DATA: join(directory, 'data'), BEACONTOWER_LOG_LEVEL: 'warn' };
  }

  function run(name: string, service: ComposeService, command: string, args: readonly string[]): ChildProcess {
    const child = spawn(command, args, {
      ...idsOf(service.user),
      cwd: ROOT,
      env: environmentOf(service),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => said.set(name, `${said.get(name) ?? ''}${chunk.toString('utf8')}`));
    return child;
  }

  const ended = async (child: ChildProcess) => {
    await waitFor(() => child.exitCode !== null || child.signalCode !== null, { timeoutMs: 60_000, what: 'a process to end' });
    return child.exitCode ?? child.signalCode;
  };
  const service = (name: string) => {
    const found = compose.services[name];
    if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
    return found;
  };

  it('starts Redis as told, and it evicts nothing', async () => {
    const [program = '', ...args] = service('redis').command ?? [];
    const redis = service('redis');
    children.set(
      'redis',
      run('redis', { ...redis, environment: {} }, program, [...args.map(inTest), '--port', String(redisPort), '--bind', '127.0.0.1']),
    );
    const ask = (...words: string[]) =>
      execFileSync('redis-cli', ['-p', String(redisPort), ...words], {
        env: { ...serverEnvironment(), REDISCLI_AUTH: readFileSync(secret('redis_conf'), 'utf8').replace('requirepass ', '').trim() },
        encoding: 'utf8',
      });
    await waitFor(() => ask('ping').includes('PONG'), { what: `Redis: ${said.get('redis')}` });
    expect(ask('config', 'get', 'maxmemory-policy')).toContain('noeviction');
    expect(ask('config', 'get', 'appendonly')).toContain('yes');
  });

  it('applies the configuration to empty stores, and a second time changes nothing', async () => {
    for (const _ of [1, 2]) {
      const [verb = '', path = ''] = service('apply').command ?? [];
      const [from = '', to] = service('apply').volumes[0]?.split(':') ?? [];
      expect(path).toBe(to);
      const child = run('apply', service('apply'), process.execPath, [...FROM_SOURCE, verb, join(ROOT, from)]);
      expect([await ended(child), said.get('apply')]).toEqual([0, expect.any(String)]);
    }
  }, 120_000);

  it('runs every role by its own command until its health check is content, and a target is watched', async () => {
    for (const [name, each] of roles) children.set(name, run(name, each, process.execPath, [...FROM_SOURCE, ...(each.command ?? [])]));
    const token = readFileSync(secret('api_token'), 'utf8').trim();
    const get = async (path: string) =>
      (await fetch(`http://127.0.0.1:${apiPort}${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
    const dead = () => roles.flatMap(([name]) => (children.get(name)?.exitCode == null ? [] : [`${name}: ${said.get(name)}`]));
    const isUp = async () => ObjectPage.parse(await get('/api/v1/objects?kind=device')).items[0]?.state === 'up';
    await waitFor(async () => dead().length > 0 || (await isUp()), {
      timeoutMs: 150_000,
      intervalMs: 500,
      what: 'localhost to be up',
    });
    expect(dead()).toEqual([]);
    const report = await waitFor(
      async () => {
        const told = SelfReport.parse(await get('/api/v1/self'));
        return (told.status === 'ok' || told.status === 'degraded') && told;
      },
      { timeoutMs: 60_000, intervalMs: 500, what: 'the node to be well' },
    );
    expect(report.findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
    expect(report.facts?.store?.engine).toBe(influxdb === undefined ? 'duckdb' : 'influxdb');
    expect(report.facts?.redis).toMatchObject({ evicts: false, persistent: true });
    for (const [name, each] of roles) {
      const [, , , verb = '', ...rest] = each.healthcheck?.test ?? [];
      const check = run(`health of ${name}`, each, process.execPath, [...FROM_SOURCE, verb, ...rest]);
      expect([await ended(check), said.get(`health of ${name}`)]).toEqual([0, expect.stringContaining(`${name}: ok`)]);
    }
  }, 300_000);

  it('finds a role that is gone by its health check', async () => {
    const [name, each] = roles.find(([role]) => role === 'scheduler') ?? [];
    const gone = children.get('scheduler');
    if (!name || !each || !gone) throw new Error('the scheduler does not run');
    gone.kill('SIGTERM');
    expect(await ended(gone)).toBe(0);
    const check = run('health of the gone', each, process.execPath, [...FROM_SOURCE, 'health', name]);
    expect([await ended(check), said.get('health of the gone')?.trim()]).toEqual([1, 'scheduler: no sign of life']);
  }, 60_000);

  it('ends every role in order when asked to', async () => {
    for (const [name] of roles) children.get(name)?.kill('SIGTERM');
    for (const [name] of roles) {
      const child = children.get(name);
      expect([name, child && (await ended(child))]).toEqual([name, 0]);
    }
  }, 60_000);
});
