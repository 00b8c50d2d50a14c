import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycles } from './cycles.ts';
import { type Case, expectFault, HEAD, type load as Load, load } from './test-helpers.ts';

const device = (id: string, last: number, rest = '') => `  - {id: ${id}, name: N, addresses: {ipv4: 192.0.2.${last}}${rest}}\n`;
const tree = (gz: string, rest: string) => `${HEAD}divisions:
  - {id: cn.gd, name: 广东, parents: {any: [core-1, core-2]}}
  - {id: cn.gd.gz, name: 广州, parents: ${gz}}
  - {id: cn.gd.gz.panyu, name: 番禺}
devices:
${device('core-1', 1)}${device('core-2', 2)}${rest}`;

type Loaded = ReturnType<typeof Load>;
const hangsOn = (loaded: Loaded) =>
  Object.fromEntries(
    (loaded.configuration?.entities ?? []).flatMap((entity) =>
      entity.entity === 'object' ? [[entity.id.slice(3), entity.body.dependency]] : [],
    ),
  );
const any = (...parents: string[]) => ({ parents: parents.map((id) => `gd:${id}`), rule: { require: 'any' } });

describe('parents of a division', () => {
  it('are those of what says none, of the nearest division; what they hang on themselves is left out of it', () => {
    const gz = ', division: cn.gd.gz';
    const loaded = load(
      tree(
        '{all: [gz-router]}',
        `${device('gz-router', 3, gz)}${device('a', 4, gz)}${device('b', 5, ', division: cn.gd.gz.panyu')}${device('own', 6, `${gz}, parents: a`)}${device('none', 7, `${gz}, parents: []`)}${device('x', 8)}`,
      ),
    );
    expect(loaded.faults).toEqual([]);
    expect(hangsOn(loaded)).toEqual({
      ...{ 'core-1': any(), 'core-2': any() },
      'gz-router': any('core-1', 'core-2'),
      a: { parents: ['gd:gz-router'], rule: { require: 'all' } },
      b: { parents: ['gd:gz-router'], rule: { require: 'all' } },
      own: any('a'),
      none: any(),
      x: any('core-1', 'core-2'),
    });
  });

  it('never make a circle: a core that stands in the city is not below the router of the city', () => {
    const loaded = load(
      tree('gz-router', `${device('gz-router', 3, ', division: cn.gd.gz')}${device('a', 4, ', division: cn.gd.gz')}`).replace(
        device('core-1', 1),
        device('core-1', 1, ', division: cn.gd.gz'),
      ),
    );
    expect(hangsOn(loaded)).toMatchObject({ 'core-1': any(), 'gz-router': any('core-1', 'core-2'), a: any('gz-router') });
  });

  it('may be a composite: its members are upstream of it', () => {
    const gz = ', division: cn.gd.gz';
    const services = `services:\n  - {id: uplinks, name: U${gz}, combines: {any: [up-1, up-2]}}\n`;
    const loaded = load(tree('uplinks', `${device('up-1', 3, gz)}${device('up-2', 4, gz)}${device('a', 5, gz)}${services}`));
    expect(loaded.faults).toEqual([]);
    expect(hangsOn(loaded)).toMatchObject({ a: any('uplinks'), 'up-1': any('core-1', 'core-2'), uplinks: any('core-1', 'core-2') });
  });

  it.each<Case>([
    {
      name: 'unknown',
      yaml: tree('gz-rooter', device('gz-router', 3, ', division: cn.gd.gz')),
      at: 'a.yaml:5 divisions[1].parents',
      code: 'unknown-reference',
      says: /did you mean "gz-router"/,
    },
    {
      name: 'more than there are',
      yaml: tree('{atLeast: 2, of: [r]}', device('r', 3) + device('a', 4, ', division: cn.gd.gz')),
      at: 'a.yaml:5 divisions[1].parents.atLeast',
      code: 'at-least-too-many',
      says: /at most 1/,
    },
    {
      name: 'of nothing',
      yaml: tree('r', device('r', 3, ', division: cn.gd.gz')),
      at: 'a.yaml:5 divisions[1].parents',
      code: 'parents-unused',
      says: /has parents of its own/,
      warning: true,
    },
  ])('that are $name are told of', expectFault);

  it('leave no circle, wherever objects stand and whatever divisions hang on', () => {
    const divisions = ['cn.gd', 'cn.gd.a', 'cn.gd.a.x', 'cn.gd.b'];
    const ids = ['o0', 'o1', 'o2', 'o3', 'o4', 'o5'];
    const some = fc.subarray(ids, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...divisions), { minLength: 6, maxLength: 6 }),
        fc.array(some, { minLength: 4, maxLength: 4 }),
        fc.array(fc.option(fc.nat(5)), { minLength: 6, maxLength: 6 }),
        (places, parents, own) => {
          const rules = divisions.map((id, i) => ({ id, name: id, parents: parents[i] }));
          const devices = ids.map((id, i) => {
            const parent = own[i] ?? null;
            // Only ever towards the first, so that what the file says has no circle.
            return {
              id,
              name: id,
              division: places[i],
              addresses: { ipv4: `192.0.2.${i + 1}` },
              ...(parent !== null && parent < i ? { parents: [ids[parent]] } : {}),
            };
          });
          const loaded = load(`${HEAD}divisions: ${JSON.stringify(rules)}\ndevices: ${JSON.stringify(devices)}\n`);
          expect(loaded.faults.filter(({ severity }) => severity === 'error')).toEqual([]);
          const edges = new Map(Object.entries(hangsOn(loaded)).map(([id, { parents: on }]) => [id, on.map((parent) => parent.slice(3))]));
          expect(findCycles(edges)).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  // Processor time, so that other work of the machine makes no failure.
  it('of a thousand divisions are given to ten thousand objects in seconds', () => {
    const cities = Array.from({ length: 1000 }, (_, i) => ({ id: `cn.gd.c${i}`, name: 'C', parents: `d${i}` }));
    const devices = Array.from({ length: 10_000 }, (_, i) => ({
      ...{ id: `d${i}`, name: 'D', division: `cn.gd.c${i % 1000}` },
      addresses: { ipv6: `2001:db8::${(i + 1).toString(16)}` },
    }));
    const before = process.cpuUsage();
    const loaded = load(`${HEAD}divisions: ${JSON.stringify(cities)}\ndevices: ${JSON.stringify(devices)}\n`);
    const { user, system } = process.cpuUsage(before);
    expect(loaded.faults).toEqual([]);
    expect(hangsOn(loaded)).toMatchObject({ d999: any(), d1999: any('d999'), d9001: any('d1') });
    expect((user + system) / 1000).toBeLessThan(10_000);
  }, 60_000);
});
