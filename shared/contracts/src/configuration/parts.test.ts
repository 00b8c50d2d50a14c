import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findCycles } from './cycles.ts';
import { readConfigurationFiles, readShippedHolidays } from './files.ts';
import { loadConfiguration } from './load.ts';
import { resolvePolicy, roundFits, roundLength } from './policy.ts';
import { LIST_SECTIONS, LISTS, PolicyYaml, SECTIONS } from './schema.ts';
import { CredentialYaml, DefaultSnmpYaml } from './snmp-schema.ts';
import { editDistance, nearest } from './suggest.ts';
import { encode, HEAD, load } from './test-helpers.ts';

describe('suggestions', () => {
  it.each([
    ['devcies', 'devices', 1],
    ['parnets', 'parents', 1],
    ['ip6', 'ipv6', 1],
    ['', 'ab', 2],
  ])('%s to %s is %i away', (a, b, distance) => {
    expect(editDistance(a, b, 5)).toBe(distance);
    expect(editDistance(b, a, 5)).toBe(distance);
  });

  it('is a distance, and the limit cuts it off without changing it', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, limit) => {
        const distance = editDistance(a, b, 20);
        expect(editDistance(b, a, 20)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(editDistance(a, b, limit)).toBe(Math.min(distance, limit + 1));
      }),
    );
  });

  it('suggests what is near only', () => {
    expect(nearest('gauangzhou', ['shenzhen', 'guangzhou'])).toBe('guangzhou');
    expect(nearest('x', ['abc'])).toBeNull();
    expect(nearest('CORE-1', ['core-1'])).toBe('core-1');
  });
});

describe('cycles', () => {
  const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));
  it.each([
    ['none', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
    ['itself', { a: ['a'] }, [['a']]],
    ['three', { x: ['a'], a: ['b'], b: ['c'], c: ['a'] }, [['a', 'b', 'c']]],
    [
      'two apart',
      { a: ['b'], b: ['a'], c: ['d'], d: ['c'] },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
  ])('%s', (_, edges, cycles) => {
    expect(findCycles(graph(edges as unknown as Record<string, string[]>))).toEqual(cycles);
  });

  it('ends in a tangle in which everything hangs on everything', () => {
    const names = Array.from({ length: 300 }, (_, i) => `n${i}`);
    expect(findCycles(new Map(names.map((name) => [name, names])))).toHaveLength(100);
  });

  it('follows a chain of 100,000 without ending the stack', () => {
    const chain = new Map(Array.from({ length: 100_000 }, (_, i) => [`n${i}`, [`n${(i + 1) % 100_000}`]]));
    expect(findCycles(chain)[0]).toHaveLength(100_000);
  });
});

describe('policy', () => {
  it('has defaults that fit, at both paces', () => {
    expect(roundLength(resolvePolicy(undefined, undefined))).toBe(3200);
    expect(roundLength(resolvePolicy({ interval: 1000 }, undefined))).toBe(900);
    expect(roundFits(resolvePolicy({ interval: 1000 }, undefined))).toBe(true);
    expect(roundFits(resolvePolicy({ interval: 1000, timeout: 351 }, undefined))).toBe(false);
  });

  it('takes own settings before defaults, and timing of defaults at their pace only', () => {
    const defaults = { interval: 10_000, probes: 5, downAfter: 3 };
    expect(resolvePolicy({ probes: 4 }, defaults)).toMatchObject({ probes: 4, downAfter: 3, intervalMs: 10_000 });
    expect(resolvePolicy({ interval: 2000 }, defaults)).toMatchObject({ probes: 2, downAfter: 3, timeoutMs: 350 });
    expect(resolvePolicy({ interval: 60_000 }, defaults)).toMatchObject({ probes: 5 });
  });
});

describe('files', () => {
  it('reads the YAML files of a directory by name, and says what it cannot read', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'bt-config-'));
    try {
      await mkdir(join(directory, 'empty'));
      for (const name of ['b.yml', 'a.yaml', 'c.txt', '.hidden.yaml']) await writeFile(join(directory, name), 'parties: []\n');
      const read = await readConfigurationFiles([directory, join(directory, 'empty'), join(directory, 'gone.yaml')]);
      expect(read.files.map((file) => file.name)).toEqual([join(directory, 'a.yaml'), join(directory, 'b.yml')]);
      expect(read.faults.map((fault) => fault.problem.en)).toEqual([
        'the directory holds no *.yaml or *.yml file',
        'the file cannot be read (ENOENT)',
      ]);
      await writeFile(join(directory, 'a.yaml'), Buffer.alloc(33 * 1024 * 1024, 32));
      const large = loadConfiguration((await readConfigurationFiles([join(directory, 'a.yaml')])).files);
      expect(large.faults.map((fault) => fault.code)).toEqual(['too-large']);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it.each([
    ['config/default', 1, 0],
    ['config/examples/province', 21, 1],
    ['config/examples/snmp', 6, 0],
  ])('%s passes without a fault, in addresses it may name', async (path, objects, sites) => {
    const root = fileURLToPath(new URL('../../../../', import.meta.url));
    const read = await readConfigurationFiles([join(root, path)]);
    const loaded = loadConfiguration(read.files, {
      holidays: (await readShippedHolidays()).files,
      now: Date.parse('2026-03-01T00:00:00Z'),
    });
    expect([...read.faults, ...loaded.faults]).toEqual([]);
    const bodies = loaded.configuration?.entities.flatMap((entity) => (entity.entity === 'object' ? [entity.body] : [])) ?? [];
    expect(bodies).toHaveLength(objects);
    expect(bodies.filter((body) => body.kind === 'site')).toHaveLength(sites);
    for (const check of bodies.flatMap((body) => body.checks))
      if (check.kind !== 'interface') expect(check.address).toMatch(/^(127\.0\.0\.1|::1|192\.0\.2\.\d+|2001:db8:.*)$/);
  });
});

/** The blocks of YAML that a document shows. */
const yamlOf = (words: string): string[] => [...words.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');

/** The page that goes on where a page of the configuration ends. */
const tellingOf = (path: string): string => path.replace('configuration', 'configuration-telling');

describe('documents', () => {
  it.each(['docs/configuration-telling.md', 'docs/configuration-telling.zh-CN.md'])(
    '%s shows a configuration that is one',
    async (path) => {
      const root = fileURLToPath(new URL('../../../../', import.meta.url));
      const blocks = yamlOf(await readFile(join(root, path), 'utf8'));
      expect(blocks.map((block) => block.split(':')[0])).toEqual([
        ...['channels', 'templates', 'contacts', 'rotas', 'escalations', 'routes', 'clocks', 'conditions'],
      ]);
      const others = ['desk', 'li'].map((id) => `  - {id: ${id}, name: N, targets: [{channel: mail, address: n@example.cn}]}\n`).join('');
      const around = `${HEAD}devices: [{id: r1, name: R1, addresses: {ipv4: 192.0.2.1}, snmp: {credential: c, interfaces: {watch: ["*"]}}}]
accessLines: [{id: a1, name: A1, unit: U, addresses: {ipv4: 192.0.2.2}}]
credentials: [{id: c, version: 3, user: u, auth: {protocol: sha256, key: {env: K}}}]
calendars: [{id: office-hours, name: O, week: {weekdays: ["08:30-17:30"]}}]
contacts:\n${others}`;
      const files = [around, ...blocks].map((block, i) => ({ name: `${i}.yaml`, bytes: encode(block) }));
      expect(loadConfiguration(files, { now: Date.parse('2026-03-01T00:00:00Z') }).faults).toEqual([]);
    },
  );

  it.each(['docs/configuration.md', 'docs/configuration.zh-CN.md'])(
    '%s names every section and every key of a policy, and files that exist',
    async (path) => {
      const root = fileURLToPath(new URL('../../../../', import.meta.url));
      const words = `${await readFile(join(root, path), 'utf8')}${await readFile(join(root, tellingOf(path)), 'utf8')}`;
      for (const name of [...SECTIONS, ...Object.keys(PolicyYaml.shape)]) expect(words).toContain(`\`${name}\``);
      for (const section of LIST_SECTIONS) {
        const schema = LISTS[section];
        const options: readonly unknown[] = schema instanceof z.ZodDiscriminatedUnion ? schema.options : [schema];
        const keys = options.flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : []));
        for (const key of keys.filter((name) => !['addresses', 'ends'].includes(name))) expect(words).toContain(`\`${key}\``);
      }
      const bySnmp = [DefaultSnmpYaml, ...CredentialYaml.options].flatMap((schema) => Object.keys(schema.shape));
      for (const key of [...bySnmp, 'address', 'watch', 'ignore']) expect(words).toContain(`\`${key}\``);
      for (const [, target] of words.matchAll(/\]\(([^)#]+)\)/g)) await access(join(root, 'docs', target ?? ''));
    },
  );

  it.each(['docs/configuration.md', 'docs/configuration.zh-CN.md'])('%s shows a configuration of SNMP that is one', async (path) => {
    const root = fileURLToPath(new URL('../../../../', import.meta.url));
    const example = yamlOf(await readFile(join(root, path), 'utf8')).find((block) => block.startsWith('credentials:')) ?? '';
    const loaded = load(`${HEAD}${example}`);
    expect(loaded.faults.map((fault) => `${fault.code} ${fault.path}`)).toEqual(['weak-credential credentials[1].version']);
    expect(loaded.configuration?.entities.filter((entity) => entity.entity === 'object')).toHaveLength(4);
  });

  it.each(['docs/configuration.md', 'docs/configuration.zh-CN.md'])(
    '%s shows objectives, calendars and composites that are some',
    async (path) => {
      const root = fileURLToPath(new URL('../../../../', import.meta.url));
      const blocks = yamlOf(await readFile(join(root, path), 'utf8')).filter((block) =>
        /^(accessLines|objectives|calendars|holidays):/.test(block),
      );
      const circuit = (id: string, last: number) => `  - {id: ${id}, name: C, party: carrier-a, addresses: {ipv4: 192.0.2.${last}}}\n`;
      const service = (id: string, last: number) => `  - {id: ${id}, name: S, addresses: {ipv4: 192.0.2.${last}}}\n`;
      const around = `${HEAD}parties: [{id: carrier-a, name: A, tier: carrier}]\ncircuits:\n${circuit('gz-uplink-a', 1)}${circuit('gz-uplink-b', 2)}services:\n${['dns-1', 'dns-2', 'dns-3', 'portal-web'].map((id, i) => service(id, 10 + i)).join('')}`;
      const files = [around, ...blocks].map((block, i) => ({ name: `${i}.yaml`, bytes: encode(block) }));
      const loaded = loadConfiguration(files, { holidays: (await readShippedHolidays()).files });
      expect(blocks).toHaveLength(4);
      expect(loaded.faults).toEqual([]);
      expect(loaded.configuration?.entities.filter(({ entity }) => entity === 'objective' || entity === 'calendar')).toHaveLength(3);
    },
  );
});
