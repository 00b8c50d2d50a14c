import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { countedSpans } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import { CalendarBody } from '../entities.ts';
import { halfYearEnds } from './calendars.ts';
import { readShippedHolidays } from './files.ts';
import { loadConfiguration } from './load.ts';
import { body, encode, load, section } from './test-helpers.ts';

/** With the lists that come with the software, at a day. */
async function loadAt(day: string, yaml: string) {
  const { files } = await readShippedHolidays();
  return loadConfiguration([{ name: 'a.yaml', bytes: encode(yaml) }], { holidays: files, now: Date.parse(`${day}T12:00:00+08:00`) });
}

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
