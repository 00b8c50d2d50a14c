import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { countedSpans } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import { CalendarBody, type EntityBody, type EntityKind, ObjectBody, ObjectiveBody } from '../entities.ts';
import { judgeWarnings, usualWarnings } from './burn-warnings.ts';
import { halfYearEnds } from './calendars.ts';
import { readShippedHolidays } from './files.ts';
import { loadConfiguration } from './load.ts';
import { addresses, device, encode, HEAD, load, MAIL, section } from './test-helpers.ts';

const objective = (rest: string) => section('objectives', `{id: o, name: O, target: 99.97%, ${rest}}`);

function body<K extends EntityKind>(loaded: ReturnType<typeof load>, entity: K, id?: string): EntityBody<K> | undefined {
  const found = loaded.configuration?.entities.find((one) => one.entity === entity && (id === undefined || one.id === id));
  return found?.body as EntityBody<K> | undefined;
}

/** With the lists that come with the software, at a day. */
async function loadAt(day: string, yaml: string) {
  const { files } = await readShippedHolidays();
  return loadConfiguration([{ name: 'a.yaml', bytes: encode(yaml) }], { holidays: files, now: Date.parse(`${day}T12:00:00+08:00`) });
}

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

describe('calendars', () => {
  const office = '{id: c, name: 工作时间, nameEn: Office hours, week: {weekdays: ["13:30-17:30", "08:30-12:00"]}, holidays: cn}';
  const spans = [
    { from: 510, to: 720 },
    { from: 810, to: 1050 },
  ];

  it('follow the holidays of China: days off, adjusted workdays, and how far they are known', async () => {
    const loaded = await loadAt('2026-03-01', section('calendars', office));
    expect(loaded.faults).toEqual([]);
    const calendar = body(loaded, 'calendar');
    expect(calendar).toEqual(CalendarBody.parse(calendar));
    expect(calendar?.week).toEqual([spans, spans, spans, spans, spans, [], []]);
    expect(calendar?.knownUntil).toBe('2026-12-31');
    const on = (date: string) => calendar?.dates.find((one) => one.date === date);
    expect(on('2018-02-15')).toEqual({ date: '2018-02-15', spans: [], name: '春节' });
    expect(on('2018-02-11')).toEqual({ date: '2018-02-11', spans, name: '春节' });
    expect(on('2020-02-01')?.spans).toEqual([]);
    expect(on('2018-03-01')).toBeUndefined();
    expect(calendar?.dates.map(({ date }) => date)).toEqual([...(calendar?.dates ?? [])].map(({ date }) => date).sort());
  });

  // Working days of first half-years, by the yearly notices: weekdays less those off, and the weekend days worked.
  it.each([
    ['2018-01-01', '2018-07-01', 123],
    ['2019-01-01', '2019-07-01', 122],
    ['2026-01-01', '2026-07-01', 120],
  ])('from %s to %s count %i working days', async (from, to, days) => {
    const loaded = await loadAt('2026-03-01', section('calendars', office));
    const calendar = body(loaded, 'calendar') as CalendarBody;
    const counted = countedSpans(calendar, 'Asia/Shanghai', Date.parse(`${from}T00:00:00+08:00`), Date.parse(`${to}T00:00:00+08:00`));
    const ms = counted.reduce((sum, span) => sum + span.to - span.from, 0);
    expect(ms / 3_600_000).toBe(days * 7.5);
  });

  it.each([
    ['2026-06-30', null],
    ['2026-07-01', /known until 2026-12-31; the next half-year goes on to 2027-06-30/],
    ['2027-01-01', /known until 2026-12-31; the current half-year goes on to 2027-06-30/],
  ])('on %s', async (day, says) => {
    const { faults } = await loadAt(day, section('calendars', office));
    expect(faults.map(({ code, severity }) => `${severity} ${code}`)).toEqual(says === null ? [] : ['warning holidays-not-known']);
    if (says !== null) expect(faults[0]?.problem.en).toMatch(says);
  });

  it('name the ends of half-years', () => {
    expect(halfYearEnds('2026-06-30')).toEqual(['2026-06-30', '2026-12-31']);
    expect(halfYearEnds('2026-07-01')).toEqual(['2026-12-31', '2027-06-30']);
  });

  it('take dates of their own before lists, later lists before earlier ones, and a list of one’s own before the shipped one', async () => {
    const own = `holidays:
  - id: gx
    name: 三月三
    knownUntil: 2026-10-31
    notices:
      - { source: A, off: { 三月三: [2026-04-19..2026-04-20] }, work: { 三月三: [2026-10-01] } }
      - { source: B, date: 2026-04-01, work: { 改期: [2026-04-19] } }
`;
    const more = office
      .replace(
        'holidays: cn',
        'holidays: [cn, gx], workdays: friday, dates: [{date: 2026-10-02, as: monday, name: 值守}, {date: 2026-10-10, spans: off}]',
      )
      .replace('week: {', 'week: {friday: ["08:30-12:00"], ');
    const loaded = await loadAt('2026-03-01', `${section('calendars', more)}${own}`);
    expect(loaded.faults.map(({ code }) => code)).toEqual(['holidays-not-known']);
    const calendar = body(loaded, 'calendar');
    const on = (date: string) => calendar?.dates.find((one) => one.date === date);
    const friday = [{ from: 510, to: 720 }];
    expect(calendar?.knownUntil).toBe('2026-10-31');
    expect(on('2026-04-20')).toEqual({ date: '2026-04-20', spans: [], name: '三月三' });
    expect(on('2026-04-19')).toEqual({ date: '2026-04-19', spans: friday, name: '改期' });
    expect(on('2026-10-01')?.spans).toEqual(friday);
    expect(on('2026-10-02')).toEqual({ date: '2026-10-02', spans, name: '值守' });
    expect(on('2026-10-10')).toEqual({ date: '2026-10-10', spans: [], name: '' });

    const replaced = await loadAt('2026-03-01', `${section('calendars', office)}${own.replace('id: gx', 'id: cn')}`);
    expect(body(replaced, 'calendar')?.dates.map(({ date }) => date)).toEqual(['2026-04-19', '2026-04-20', '2026-10-01']);
  });

  it('are found by objectives, and counted day and night without any', () => {
    const loaded = load(
      `${section('calendars', '{id: c, name: C, week: {everyday: ["00:00-24:00"]}}')}objectives: [{id: o, name: O, class: backbone, target: 99%, calendar: c}]\n`,
    );
    expect(loaded.faults).toEqual([]);
    expect(body(loaded, 'objective')?.calendar).toBe('c');
    expect(body(loaded, 'calendar')).toMatchObject({ knownUntil: null, dates: [], week: Array(7).fill([{ from: 0, to: 1440 }]) });
  });

  it('come with every notice named, and the script that made them', async () => {
    const root = fileURLToPath(new URL('../../../../', import.meta.url));
    const words = await readFile(`${root}config/calendars/cn.yaml`, 'utf8');
    const script = await readFile(`${root}scripts/holidays.mjs`, 'utf8');
    const sources = [...words.matchAll(/source: (.*)/g)].map(([, source]) => source ?? '');
    expect(sources).toHaveLength(18);
    for (const source of sources) {
      expect(source).toMatch(/^国(办)?发明电〔20\d\d〕\d+号$/);
      expect(script).toContain(source);
    }
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
  - { id: BT-01, since: 2018-01-01, until: 2018-07-01 }
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
    expect(body(loaded, 'connection', 'BT-01')).toMatchObject({ since: '2018-01-01', until: '2018-07-01' });
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
