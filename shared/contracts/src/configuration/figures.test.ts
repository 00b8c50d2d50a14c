import { describe, expect, it } from 'vitest';
import { ObjectBody, ObjectiveBody } from '../entities.ts';
import { judgeWarnings, usualWarnings } from './burn-warnings.ts';
import { addresses, body, device, HEAD, load, MAIL, section } from './test-helpers.ts';

const objective = (rest: string) => section('objectives', `{id: o, name: O, target: 99.97%, ${rest}}`);

describe('objectives', () => {
  it('are filled in as documented', () => {
    const loaded = load(objective('class: backbone'));
    expect(loaded.faults).toEqual([]);
    const found = body(loaded, 'objective');
    expect(found).toEqual(ObjectiveBody.parse(found));
    expect(found).toEqual({
      id: 'o',
      name: 'O',
      nameEn: null,
      class: 'backbone',
      objects: null,
      where: null,
      division: 'cn.gd',
      target: 0.9997,
      aggregate: 'mean',
      period: 'month',
      rollingDays: null,
      calendar: 'always',
      timeZone: 'Asia/Shanghai',
      basis: 'experienced',
      closeAfterMs: 5 * 86_400_000,
      warnings: [],
    });
  });

  it.each([
    ['period: {rolling: 30d}', { period: 'rolling', rollingDays: 30, closeAfterMs: null }],
    ['close: by-hand', { closeAfterMs: null }],
    ['close: {after: 36h}', { closeAfterMs: 36 * 3_600_000 }],
    ['close: {after: 0d}', { closeAfterMs: 0 }],
    ['basis: responsible', { basis: 'responsible' }],
    ['objects: [r1]', { class: 'backbone', objects: ['gd:r1'] }],
    ['warnings: none', { warnings: [] }],
    ['warnings: []', { warnings: [] }],
    [
      'warnings: [{severity: major, long: 6h, short: 30m, rate: 6}]',
      { warnings: [{ severity: 'major', longMs: 21_600_000, shortMs: 1_800_000, rate: 6 }] },
    ],
  ])('%s', (yaml, expected) => {
    const loaded = load(objective(`class: backbone, ${yaml}`));
    expect(loaded.faults).toEqual([]);
    expect(body(loaded, 'objective')).toMatchObject(expected);
  });

  it('take every criterion together, and leave null what is not given', () => {
    const loaded = load(
      `${device(`${addresses}, vendor: Huawei, party: p`)}parties: [{id: p, name: P, tier: carrier}]\nobjectives:\n  - {id: o, name: O, target: 99%, where: {kinds: [device], divisions: [cn.gd], parties: [p], attributes: {vendor: Huawei}}}\n  - {id: q, name: Q, target: 99%, where: {parties: [p]}}\n`,
    );
    expect(loaded.faults).toEqual([]);
    expect(body(loaded, 'objective', 'o')?.where).toEqual({
      kinds: ['device'],
      divisions: ['cn.gd'],
      parties: ['p'],
      attributes: { vendor: 'Huawei' },
    });
    expect(body(loaded, 'objective', 'q')?.where).toEqual({ kinds: null, divisions: null, parties: ['p'], attributes: null });
  });

  it('of interfaces, which are only discovered later, are not said to be without members', () => {
    expect(load(objective('where: {kinds: [interface]}')).faults).toEqual([]);
  });
});

describe('the usual warnings', () => {
  it('use up the same share of the budget for every long period', () => {
    expect(usualWarnings({ rolling: 30 }, 0.9997)).toEqual([
      { severity: 'critical', longMs: 3_600_000, shortMs: 300_000, rate: 14.4 },
      { severity: 'major', longMs: 6 * 3_600_000, shortMs: 1_800_000, rate: 6 },
      { severity: 'warning', longMs: 72 * 3_600_000, shortMs: 6 * 3_600_000, rate: 1 },
    ]);
    // 2% of the 78.2 minutes that 99.97% leaves of a half-year are 94 s: within an hour that is 86.88 times as fast as it may go.
    const [fast, slow, creeping] = usualWarnings('half-year', 0.9997);
    expect([fast?.rate, slow?.rate, creeping?.rate]).toEqual([86.88, 36.2, 1.001]);
    expect([creeping?.longMs, creeping?.shortMs]).toEqual([434 * 3_600_000, 36 * 3_600_000]);
  });

  it.each(['day', 'week', 'month', 'quarter', 'half-year', 'year', { rolling: 1 }, { rolling: 30 }, { rolling: 1100 }] as const)(
    'of %j can all be given by hand without a fault, whatever the target',
    (period) => {
      for (const target of [0.5, 0.9, 0.99, 0.999, 0.9997, 0.99999]) {
        const usual = usualWarnings(period, target).map(({ severity, longMs, shortMs, rate }) => ({
          severity,
          long: longMs,
          short: shortMs,
          rate,
        }));
        expect(judgeWarnings(usual, period, target)).toEqual([]);
        expect(usual.every(({ rate }) => rate >= 0.99)).toBe(true);
      }
      expect(usualWarnings(period, 0.9997).length).toBeGreaterThanOrEqual(2);
    },
  );

  it('leave out what a target makes unreachable', () => {
    // 90% of a half-year leaves 18 days: nobody uses up 2% of that, nine hours, within one.
    expect(usualWarnings('half-year', 0.9).map(({ severity }) => severity)).toEqual(['warning']);
  });
});

describe('composites', () => {
  it('are what their members make of them, without checks', () => {
    const loaded = load(
      `${device(addresses)}  - {id: r2, name: R2, addresses: {ipv4: 192.0.2.2}}\naccessLines:\n  - {id: dual, name: 双上联, unit: U, combines: {atLeast: 1, of: [r1, "gd:r2"]}, parents: r1}\n`,
    );
    expect(loaded.faults).toEqual([]);
    const dual = body(loaded, 'object', 'gd:dual');
    expect(dual).toEqual(ObjectBody.parse(dual));
    expect(dual).toMatchObject({
      class: 'user-access',
      checks: [],
      combines: { rule: { require: 'at-least', count: 1 }, of: ['gd:r1', 'gd:r2'] },
      dependency: { parents: ['gd:r1'], rule: { require: 'any' } },
    });
    expect(body(loaded, 'object', 'gd:r1')).not.toHaveProperty('combines');
  });

  it('are of composites too', () => {
    const loaded = load(
      `${device(addresses)}sites:\n  - {id: a, name: A, combines: {any: [r1]}}\nservices:\n  - {id: b, name: B, combines: {all: [a, r1]}}\n`,
    );
    expect(loaded.faults).toEqual([]);
  });
});

describe('what is connected', () => {
  it('is kept with the dates since when', () => {
    const loaded = load(`${HEAD}connections:
  - { id: "440103", name: 荔湾区, since: 2017-05-01 }
  - { id: BT0100, since: 2018-01-01, until: 2018-07-01 }
units:
  - { id: tax, name: 税务, level: province, terminals: 300, internetExit: true, since: 2016-01-01 }
  - { id: health, name: 卫生, level: county }
applications: [{ id: exchange, name: 数据共享交换平台, level: central, since: 2018-03-01 }]
tallies:
  - { id: gd-2018, level: county, units: 1200, terminals: 30000, since: 2018-01-01 }
  - { id: gd-2019, level: county, units: 1300, since: 2019-01-01 }
`);
    expect(loaded.faults).toEqual([]);
    expect(body(loaded, 'connection', '440103')).toEqual({ id: '440103', name: '荔湾区', note: null, since: '2017-05-01', until: null });
    expect(body(loaded, 'connection', 'BT0100')).toMatchObject({ since: '2018-01-01', until: '2018-07-01' });
    expect(body(loaded, 'unit', 'tax')).toEqual({
      id: 'tax',
      name: '税务',
      level: 'province',
      division: 'cn.gd',
      terminals: 300,
      internetExit: true,
      since: '2016-01-01',
      until: null,
    });
    expect(body(loaded, 'unit', 'health')).toMatchObject({ terminals: null, internetExit: false, since: null });
    expect(body(loaded, 'application')).toMatchObject({ level: 'central', since: '2018-03-01' });
    expect(body(loaded, 'tally', 'gd-2018')).toMatchObject({ units: 1200, terminals: 30_000, applications: null });
  });
});

describe('schedules of reports', () => {
  it('are filled in as documented', () => {
    const loaded = load(
      `${section('channels', `{${MAIL}}`)}contacts: [{id: me, name: M, targets: [{channel: m, address: me@example.cn}]}]\nreportSchedules:\n  - {id: h, name: 半年报, period: half-year, contacts: [me]}\n  - {id: d, name: 日报, period: day, after: 1h, formats: [xlsx], language: en, timeZone: UTC}\n`,
    );
    expect(loaded.faults).toEqual([]);
    expect(body(loaded, 'report-schedule', 'h')).toEqual({
      id: 'h',
      name: '半年报',
      kind: 'availability',
      period: 'half-year',
      division: 'cn.gd',
      language: 'zh',
      formats: ['docx', 'pdf'],
      timeZone: 'Asia/Shanghai',
      afterMs: 6 * 86_400_000,
      contacts: ['me'],
    });
    expect(body(loaded, 'report-schedule', 'd')).toMatchObject({
      afterMs: 3_600_000,
      formats: ['xlsx'],
      language: 'en',
      timeZone: 'UTC',
      contacts: [],
    });
  });
});
