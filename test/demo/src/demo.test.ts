import type { ObjectSummary } from '@beacontower/contracts';
import { loadConfiguration } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { stateOfProvince } from './board.ts';
import { type Fault, faultsOf } from './faults.ts';
import { namesOf } from './names.ts';
import { buildNetwork, configurationOf, type Ground } from './network.ts';
import { parseOptions } from './options.ts';
import { plansAt } from './plans.ts';
import { PROVINCES } from './provinces.ts';
import { answerTo } from './receiver.ts';
import { PATHS, tellingOf } from './telling.ts';
import { fit, htmlOf, paint, widthOf } from './text.ts';

const GROUND: Ground = { kind: 'namespace', v4: '198.19', v6: 'fd19:5eed', anchors: ['198.19.255.2'], snmpPort: 161 };
const network = buildNetwork(GROUND, 'community');
const configuration = configurationOf(network, tellingOf('http://127.0.0.1:18000', '2026-11-01'));

function firstFaults(seed: number, kind: Ground['kind'] = 'namespace', count = 200): Fault[] {
  const faults: Fault[] = [];
  for (const fault of faultsOf(seed, kind)) {
    faults.push(fault);
    if (faults.length === count) break;
  }
  return faults;
}

describe('the network', () => {
  it('has 31 provinces and the Corps, none of them twice', () => {
    expect(PROVINCES).toHaveLength(32);
    for (const key of ['id', 'zh', 'en', 'code'] as const) expect(new Set(PROVINCES.map((each) => each[key])).size).toBe(32);
    expect(PROVINCES.at(-1)?.code).not.toMatch(/^\d{6}$/);
  });

  it('gives every place addresses of its own', () => {
    const places = [...network.places.values()];
    expect(places).toHaveLength(2 + 3 + 6 + 32 * 4);
    for (const family of ['v4', 'v6'] as const) expect(new Set(places.map((place) => place[family])).size).toBe(places.length);
  });

  it('is a configuration without a fault', () => {
    const { faults } = loadConfiguration([{ name: 'demo.json', bytes: Buffer.from(configuration) }]);
    // The agents of the demo speak SNMP v2c, and no route or contact is in vain.
    expect(faults.map(({ code }) => code)).toEqual(['weak-credential']);
  });

  it('has words for every object, and for the interfaces of a device', () => {
    const names = namesOf(configuration);
    for (const id of network.places.keys()) expect(names(`centre:${id}`).zh).not.toBe(id);
    expect(names('centre:core-1/100GE1/0/5')).toEqual({ zh: '核心路由器一 100GE1/0/5', en: 'Core router 1 100GE1/0/5' });
  });
});

describe('who is told', () => {
  it('gets through at once, at the second attempt, or not at all', () => {
    expect(answerTo(PATHS.robot, 1)).toEqual({ status: 200, body: expect.stringContaining('"errcode":0') });
    expect([1, 2, 3, 4].map((count) => answerTo(PATHS.sms, count).status)).toEqual([503, 200, 200, 503]);
    expect(answerTo(PATHS.province, 9).status).toBe(502);
    expect(answerTo('/elsewhere', 1).status).toBe(404);
  });

  it('is planned for things that are there', () => {
    const objects = plansAt(0).flatMap(({ body }) => (body.objects as string[] | undefined) ?? []);
    expect(objects.length).toBeGreaterThan(2);
    for (const id of objects) expect(network.places.has(id.replace('centre:', '')), id).toBe(true);
  });
});

describe('the faults', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(firstFaults(7)).toEqual(firstFaults(7));
    expect(firstFaults(7)).not.toEqual(firstFaults(8));
  });

  it('begin one after the other, end, and are of things that are there', () => {
    const faults = firstFaults(1);
    const begins = faults.map(({ periods }) => periods[0]?.[0] ?? -1);
    expect(begins).toEqual([...begins].sort((a, b) => a - b));
    const devices = new Map(network.agents.map(({ id, order }) => [id, order.interfaces]));
    for (const fault of faults) {
      for (const [from, to] of fault.periods) expect(to).toBeGreaterThan(from);
      for (const id of fault.places) expect(network.places.has(id), id).toBe(true);
      for (const { device, name } of [...fault.interfaces, ...fault.errors])
        expect(devices.get(device)).toContainEqual(expect.objectContaining({ name }));
      for (const device of [...fault.silent, fault.restarts ?? 'core-1']) expect(devices.has(device), device).toBe(true);
    }
  });

  it('never touch the Internet exits and the central units, so that some objectives are met', () => {
    for (const { places } of firstFaults(3)) expect(places.filter((id) => /^(exit|unit)-/.test(id))).toEqual([]);
  });

  it('take no address away on the loopback beside that of a circuit that its interfaces tell of', () => {
    for (const { places, interfaces } of firstFaults(1, 'loopback')) expect(places.length === 0 || interfaces.length > 0).toBe(true);
  });
});

describe('the board', () => {
  it('counts a Chinese character as two columns, and a colour as none', () => {
    expect([widthOf('烽台 ab'), widthOf(paint('red', '省'))]).toEqual([7, 2]);
    for (const text of ['内蒙古', 'Heilongjiang', paint('green', '北京'), '']) expect(widthOf(fit(text, 7))).toBe(7);
  });

  it('is a page without a way in for what it shows', () => {
    expect(htmlOf(`${paint('red', '<b>&')} 省`)).toContain('<span style="color:#f85149">&lt;b>&amp;</span> <i>省</i>');
  });

  it('calls a province down with its landing device, and degraded with anything else of it', () => {
    const object = (id: string, state: ObjectSummary['state'], quiet = false) =>
      ({ id: `centre:${id}`, division: 'cn.gd', state, quiet }) as unknown as ObjectSummary;
    const landing = (state: ObjectSummary['state']) => object('landing-gd', state);
    expect(stateOfProvince('gd', [])).toBe('unknown');
    expect(stateOfProvince('gd', [landing('up'), object('line-gd', 'up'), object('landing-gd/x', 'down', true)])).toBe('up');
    expect(stateOfProvince('gd', [landing('up'), object('line-gd', 'down')])).toBe('degraded');
    expect(stateOfProvince('gd', [landing('down'), object('line-gd', 'up')])).toBe('down');
  });
});

describe('the options', () => {
  it('take the language of the terminal unless told', () => {
    expect(parseOptions([], 'zh_CN.UTF-8')?.language).toBe('zh');
    expect(parseOptions(['--language', 'en'], 'zh_CN.UTF-8')?.language).toBe('en');
    expect(parseOptions(['--help'], '')).toBeNull();
  });

  it.each([
    ['--language', 'fr'],
    ['--minutes', '0'],
    ['--minutes', 'x'],
    ['--seed', '-1'],
    ['--dance', '1'],
  ])('refuse %s %s', (name, value) => {
    expect(() => parseOptions([name, value], '')).toThrow(name.slice(2));
  });
});
