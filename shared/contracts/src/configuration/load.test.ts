import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENTITY_SCHEMAS } from '../entities.ts';
import type { LoadedConfiguration } from './load.ts';
import { addresses, device, HEAD, load, MAIL, place, second, section } from './test-helpers.ts';

describe('secrets', () => {
  const SECRET = 'hunter2-never-shown';
  it.each([
    ['literal secret', `{id: w, kind: webhook, url: "https://x.cn/", secret: ${SECRET}}`, 'literal-secret'],
    ['literal password', `{${MAIL}, user: u, password: ${SECRET}}`, 'literal-secret'],
    ['in the url', `{id: w, kind: webhook, url: "https://u:${SECRET}@x.cn/", secret: {env: S}}`, 'literal-secret'],
    ['under another key', `{id: w, kind: webhook, url: "https://x.cn/", secret: {value: ${SECRET}}}`, 'bad-secret'],
    ['with an unknown key', `{id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}, token: ${SECRET}}`, 'unknown-key'],
    ['as the whole channel', SECRET, 'wrong-type'],
    ['in broken YAML', `{id: w, secret: "${SECRET}`, 'yaml'],
  ])('%s is refused and not repeated', (_, item, code) => {
    const loaded = load(section('channels', item));
    expect(loaded.faults.map((fault) => fault.code)).toContain(code);
    expect(JSON.stringify(loaded.faults)).not.toContain(SECRET);
  });
});

describe('all at once', () => {
  it('says the faults of several files and of one item together', () => {
    const loaded = load(
      HEAD,
      'devices:\n  - {id: a, nmae: A, addresses: {ipv4: x}, parents: [b], party: p}\n',
      'devices:\n  - {id: b, name: B, addresses: {ipv4: 192.0.2.1}, parents: [a]}\n',
    );
    expect(loaded.faults.map((fault) => `${fault.code} ${place(fault)}`)).toEqual([
      'missing-key b.yaml:2 devices[0].name',
      'unknown-key b.yaml:2 devices[0].nmae',
      'not-an-address b.yaml:2 devices[0].addresses.ipv4',
      'dependency-cycle b.yaml:2 devices[0].parents',
      'unknown-reference b.yaml:2 devices[0].party',
    ]);
  });

  it('does not call names unknown that may stand in a file it could not read', () => {
    const loaded = load(device(`${addresses}, party: p`), 'parties: [');
    expect(new Set(loaded.faults.map((fault) => fault.file))).toEqual(new Set(['b.yaml']));
  });

  it('ends a YAML bomb with a fault, quickly', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `  - &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`);
    const started = performance.now();
    const loaded = load(`${HEAD}facts:\n  - &l0 [x, x, x, x, x, x, x, x, x, x]\n${levels.join('\n')}\n`);
    expect(loaded.faults.map((fault) => fault.code)).toContain('alias-limit');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('what is accepted', () => {
  it('fills in defaults and makes ids global', () => {
    const { configuration, faults } = load(
      `\uFEFF${second('addresses: {ipv6: "2001:DB8:0::1"}, parents: {any: [r1, "gd:r1"]}, policy: {interval: 1s}').replaceAll('\n', '\r\n')}`,
    );
    expect(faults.map((fault) => fault.code)).toEqual(['parent-twice']);
    const object = configuration?.entities.find((entity) => entity.id === 'gd:r2');
    expect(object?.body).toEqual({
      id: 'gd:r2',
      kind: 'device',
      name: 'R2',
      division: 'cn.gd',
      class: 'backbone',
      party: null,
      servingRule: 'any',
      dependency: { parents: ['gd:r1'], rule: { require: 'any' } },
      checks: [
        {
          id: 'gd:r2/icmp6',
          objectId: 'gd:r2',
          kind: 'icmp',
          family: 6,
          address: '2001:db8::1',
          zone: 'z',
          policy: {
            intervalMs: 1000,
            probes: 2,
            periodMs: 100,
            timeoutMs: 350,
            confirmPasses: 1,
            downAfter: 1,
            upAfter: 1,
            unconfirmedDownAfter: 2,
            degradedLoss: 0.3,
            degradedAfter: 3,
            unknownAfter: 2,
          },
        },
      ],
      weight: 1,
      runbook: null,
      attributes: {},
    });
  });

  it('shares values by anchors', () => {
    const { configuration } = load(
      `${HEAD}devices:\n  - {id: a, name: A, addresses: {ipv4: 192.0.2.1}, policy: &p {interval: 60s}}\n  - {id: b, name: B, addresses: {ipv4: 192.0.2.2}, policy: *p}\n`,
    );
    const objects = configuration?.entities.flatMap((entity) => (entity.entity === 'object' ? entity.body.checks : []));
    expect(objects?.map((check) => 'policy' in check && check.policy.intervalMs)).toEqual([60_000, 60_000]);
  });

  it.each([
    ['99.97%', 0.9997],
    ['"99.91 %"', 0.9991],
    ['0.9997', 0.9997],
  ])('target %s', (written, fraction) => {
    const { configuration } = load(section('objectives', `{id: o, name: O, class: backbone, target: ${written}}`));
    expect(configuration?.entities.find((entity) => entity.entity === 'objective')?.body).toMatchObject({ target: fraction });
  });

  it('keeps the timing of defaults for their own pace only', () => {
    const { faults } = load(
      `${second('addresses: {ipv4: 192.0.2.2}, policy: {interval: 1s}')}defaults: {policy: {probes: 5, timeout: 2s}}\n`,
    );
    expect(faults).toEqual([]);
  });
});

describe('properties', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const devices = fc.uniqueArray(
    fc.record({
      id: name,
      name: fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
      weight: fc.option(fc.nat(1000), { nil: undefined }),
      host: fc.nat(65_000),
      interval: fc.constantFrom(undefined, '1s', '10s', '1m'),
    }),
    { selector: (device) => device.id, maxLength: 8 },
  );

  it('normalised entities fit the contract, and a second normalisation changes nothing', () => {
    fc.assert(
      fc.property(devices, (list) => {
        const yaml = JSON.stringify({
          node: { id: 'n', name: 'N', division: 'cn' },
          zones: [{ id: 'z', anchors: ['192.0.2.254'] }],
          devices: list.map(({ host, interval, ...rest }, i) => ({
            ...rest,
            addresses: { ipv6: `2001:0DB8::${host.toString(16).toUpperCase()}` },
            parents: list.slice(0, i).map((parent) => parent.id),
            ...(interval === undefined ? {} : { policy: { interval } }),
          })),
        });
        const first = load(yaml);
        expect(first.faults.filter((fault) => fault.severity === 'error')).toEqual([]);
        for (const { entity, body } of first.configuration?.entities ?? []) expect(ENTITY_SCHEMAS[entity].parse(body)).toEqual(body);
        // Written again in its normalised form, each object means the same.
        const again = load(JSON.stringify({ ...JSON.parse(yaml), devices: asYaml(first) }));
        expect(again.configuration).toEqual(first.configuration);
      }),
      { numRuns: 50 },
    );
  });

  it('never throws, whatever the bytes', () => {
    const bytes = fc.property(fc.uint8Array({ maxLength: 200 }), (value) => {
      expect(load(value).configuration).toBeNull();
    });
    const words = fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (value) => {
      expect(load(`${HEAD}${value}`).faults).toBeInstanceOf(Array);
    });
    const json = fc.property(fc.json(), (value) => {
      expect(load(`{"node": ${value}, "devices": ${value}, "routes": [${value}], "channels": [${value}]}`).configuration).toBeNull();
    });
    fc.assert(bytes);
    fc.assert(words);
    fc.assert(json);
  });
});

function asYaml(loaded: LoadedConfiguration) {
  return loaded.configuration?.entities.flatMap((entity) => {
    if (entity.entity !== 'object') return [];
    const { checks, dependency, attributes: _, kind: __, runbook: ___, party: ____, ...rest } = entity.body;
    const [first] = checks;
    const { policy, address } = first?.kind === 'icmp' ? first : { policy: undefined, address: undefined };
    return [
      {
        ...rest,
        id: rest.id.slice(2),
        parents: { any: dependency.parents },
        addresses: { ipv6: address },
        policy: { interval: `${policy?.intervalMs}ms` },
      },
    ];
  });
}

describe('scale', () => {
  // Processor time, so that other work of the machine makes no failure; what was quadratic would take minutes.
  it('loads and checks 10,000 devices in block style within 5 s of processor time, faults or not', () => {
    const rows = (wrong: string) =>
      Array.from({ length: 10_000 }, (_, i) =>
        `  - id: d${i}\n    name: 设备 ${i}\n    party: ${wrong}\n    addresses:\n      ipv4: 10.${i >> 14}.${(i >> 7) & 127}.${(i & 127) + 1}\n      ipv6: "2001:db8::${(i + 1).toString(16)}"\n    parents:\n      any: [d0]\n`.replace(
          i === 0 ? / {4}parents:\n.*\n/ : /^$/,
          '',
        ),
      ).join('');
    for (const [party, faults] of [
      ['p', 0],
      ['5', 10_000],
    ] as const) {
      const started = performance.now();
      const before = process.cpuUsage();
      const loaded = load(`${HEAD}parties: [{id: p, name: P, tier: city}]\ndevices:\n${rows(party)}`);
      const took = performance.now() - started;
      const { user, system } = process.cpuUsage(before);
      expect(loaded.faults).toHaveLength(faults);
      expect((user + system) / 1000).toBeLessThan(5000);
      process.stdout.write(
        `10,000 devices with ${faults} faults: ${Math.round(took)} ms, ${Math.round((user + system) / 1000)} ms of processor time\n`,
      );
    }
  }, 60_000);
});
