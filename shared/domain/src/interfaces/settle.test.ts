import { describe, expect, it } from 'vitest';
import { DEFAULT_SNMP_POLICY, type InterfaceSelection, type MonitoredObject } from '../inventory.ts';
import { MOST_VANISHED, settleInterfaces, type TableRow, VANISHED_STAYS_MS } from './index.ts';

const NOW = Date.UTC(2026, 10, 22);
const row = (index: number, name: string, alias = ''): TableRow => ({ index, name, alias, descr: '', type: 6, speed: 0 });

function device(interfaces: Partial<InterfaceSelection> = {}, more: Partial<MonitoredObject> = {}): MonitoredObject {
  const id = 'n:d';
  return {
    id,
    kind: 'device',
    name: '核心',
    division: 'cn.gd',
    class: 'backbone',
    party: 'p',
    servingRule: 'any',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: [
      {
        ...{ id: `${id}/snmp`, objectId: id, kind: 'snmp', family: 4, address: '192.0.2.1', port: 161, zone: 'z', credential: 'c' },
        ...{ policy: DEFAULT_SNMP_POLICY, interfaces: { watch: [], ignore: [], ...interfaces } },
      },
    ],
    weight: 1,
    runbook: null,
    attributes: {},
    ...more,
  };
}

function settle(
  table: readonly TableRow[] | null,
  known: readonly MonitoredObject[] = [],
  more: { device?: MonitoredObject | null; ends?: string[]; now?: number } = {},
) {
  return settleInterfaces({
    device: more.device === undefined ? device() : more.device,
    table,
    known,
    ends: new Set(more.ends),
    now: more.now ?? NOW,
  });
}

const told = (settled: ReturnType<typeof settle>) => settled.changes.map(({ object, change }) => `${object} ${change}`);

describe('settleInterfaces', () => {
  it('makes objects of what is seen for the first time', () => {
    const settled = settle([row(1, 'ge0', 'to GZ'), row(2, 'ge1')], [], {
      device: device({ watch: ['alias:*GZ'] }, { attributes: { nameEn: 'Core' } }),
    });
    expect(told(settled)).toEqual(['n:d/ge0 appeared', 'n:d/ge1 appeared']);
    expect(settled.objects[0]).toEqual({
      id: 'n:d/ge0',
      kind: 'interface',
      name: '核心 ge0',
      division: 'cn.gd',
      class: 'other',
      party: 'p',
      servingRule: 'all',
      dependency: { parents: ['n:d'], rule: { require: 'any' } },
      checks: [{ id: 'n:d/ge0/status', objectId: 'n:d/ge0', kind: 'interface', device: 'n:d', ifName: 'ge0' }],
      weight: 1,
      runbook: null,
      attributes: { nameEn: 'Core ge0', ifIndex: '1', ifName: 'ge0', ifAlias: 'to GZ', ifType: '6' },
    });
    expect(settled.objects[1]?.quiet).toBe(true);
  });

  it('has nothing to say the second time', () => {
    const table = [row(1, 'ge0', 'x'), row(2, 'ge1')];
    const first = settle(table);
    const again = settle(table, first.objects);
    expect(again.objects).toEqual(first.objects);
    expect([...again.changes, ...again.retired]).toEqual([]);
  });

  it('keeps the id and its history through new numbers and a new name', () => {
    const first = settle([row(1, 'ge-0/0/1', 'to GZ'), row(2, 'ge-0/0/2')]).objects;
    const moved = settle([row(9, 'ge-1/0/1', 'to GZ'), row(8, 'ge-0/0/2')], first);
    expect(moved.changes).toEqual([{ object: 'n:d/ge-0/0/1', change: 'renamed', name: 'ge-1/0/1', before: 'ge-0/0/1' }]);
    const object = moved.objects.find(({ id }) => id === 'n:d/ge-0/0/1');
    expect(object).toMatchObject({
      name: '核心 ge-1/0/1',
      checks: [{ id: 'n:d/ge-0/0/1/status', ifName: 'ge-1/0/1' }],
      attributes: { ifIndex: '9' },
    });
    const other = settle([row(9, 'ge-1/0/1', 'to GZ'), row(8, 'ge-0/0/2'), row(10, 'ge-0/0/1')], moved.objects);
    expect(told(other)).toEqual(['n:d/ge-0/0/1~ appeared']);
  });

  it('marks what vanished, says so once, takes it back, and lets it go after seven days', () => {
    const first = settle([row(1, 'a'), row(2, 'b')]).objects;
    const gone = settle([row(1, 'a')], first);
    expect(told(gone)).toEqual(['n:d/b vanished']);
    expect(gone.objects.find(({ id }) => id === 'n:d/b')?.attributes).toMatchObject({
      vanishedAt: new Date(NOW).toISOString(),
      ifIndex: '2',
    });
    const later = settle([row(1, 'a')], gone.objects, { now: NOW + 1_000 });
    expect([later.objects, told(later)]).toEqual([gone.objects, []]);
    const back = settle([row(1, 'a'), row(5, 'b')], gone.objects);
    expect(told(back)).toEqual(['n:d/b returned']);
    expect(back.objects.find(({ id }) => id === 'n:d/b')?.attributes.vanishedAt).toBeUndefined();
    const expired = settle([row(1, 'a')], gone.objects, { now: NOW + VANISHED_STAYS_MS });
    expect([told(expired), expired.retired]).toEqual([['n:d/b retired'], ['n:d/b']]);
  });

  it('lets of very many that vanished go early who is not watched, the longest gone first', () => {
    const more = { device: device({ watch: ['w*'] }) };
    let now = NOW;
    let objects = settle([row(1, 'a'), row(2, 'w')], [], more).objects;
    const sessions = (of: string) => Array.from({ length: MOST_VANISHED - 1 }, (_, i) => row(10 + i, `${of}${i}`));
    objects = settle([row(1, 'a'), ...sessions('first')], objects, { ...more, now: ++now }).objects;
    objects = settle([row(1, 'a')], objects, { ...more, now: ++now }).objects;
    expect(objects).toHaveLength(1 + MOST_VANISHED);
    objects = settle([row(1, 'a'), row(9, 'second')], objects, { ...more, now: ++now }).objects;
    const settled = settle([row(1, 'a')], objects, { ...more, now: ++now });
    expect(settled.objects).toHaveLength(1 + MOST_VANISHED);
    expect(settled.retired).toEqual([expect.stringMatching(/^n:d\/first/)]);
    const left = new Set(settled.objects.map(({ id }) => id));
    expect([left.has('n:d/w'), left.has('n:d/second')]).toEqual([true, true]);
  });

  it('retires at once what is ignored from now on, there or vanished', () => {
    const first = settle([row(1, 'lo0'), row(2, 'lo1'), row(3, 'a')]).objects;
    const settled = settle([row(1, 'lo0'), row(3, 'a')], first, { device: device({ ignore: ['lo*'] }) });
    expect(settled.retired).toEqual(['n:d/lo0', 'n:d/lo1']);
    expect(settled.objects.map(({ id }) => id)).toEqual(['n:d/a']);
  });

  it.each([
    ['was retired', null],
    ['is not asked by SNMP any more', { ...device(), checks: [] }],
  ])('retires all when the device %s', (_, now) => {
    const first = settle([row(1, 'a'), row(2, 'b')]).objects;
    expect(settle([row(1, 'a')], first, { device: now })).toMatchObject({ objects: [], retired: ['n:d/a', 'n:d/b'] });
  });

  it('an end of a circuit is quiet, watched or not: the circuit speaks for it, until it is no end any more', () => {
    const watching = device({ watch: ['a'] });
    const first = settle([row(1, 'a')], [], { device: watching, ends: ['a'] }).objects;
    expect(first[0]?.quiet).toBe(true);
    expect(settle([row(1, 'a')], first, { device: watching }).objects[0]?.quiet).toBeUndefined();
  });

  it('leaves everything when the table was never seen', () => {
    const first = settle([row(1, 'a')]).objects;
    expect(settle(null, first)).toEqual({ objects: first, retired: [], changes: [] });
  });

  it('never gives an id that is a check', () => {
    const settled = settle([row(1, 'snmp'), row(2, 'ge0'), row(3, 'ge0/status'), row(4, 'snmp~')]);
    const ids = settled.objects.map(({ id }) => id);
    expect(ids).toEqual(['n:d/snmp~', 'n:d/ge0', 'n:d/ge0/status~', 'n:d/snmp~~']);
    const checks = settled.objects.flatMap((object) => object.checks.map((check) => check.id));
    expect(ids.filter((id) => checks.includes(id) || id === 'n:d/snmp')).toEqual([]);
  });
});
