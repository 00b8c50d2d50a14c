/** Calendars looked at and normalised: a week of spans, and every date that differs, whatever it was that said so. */
import type { CalendarBody } from '../entities.ts';
import { type CalendarYaml, WEEKDAYS, type WeekYaml } from './calendar-schema.ts';
import type { Item } from './collect.ts';
import { type Minutes, overlapOf, spanText } from './dates.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import { dateTwice, type HolidayList } from './holidays.ts';
import type { Surroundings } from './objects.ts';

type CalendarItem = Item<CalendarYaml>;
type CalendarDate = CalendarBody['dates'][number];

/** The name that stands for "all time counts", so no calendar has it. */
export const ALWAYS = 'always';
const MONDAY = 0;
const SATURDAY = 5;

/** `today` is a local date; null leaves out what depends on it: how far holidays are known. */
export function readCalendars(around: Surroundings, lists: ReadonlyMap<string, HolidayList>, today: string | null): CalendarBody[] {
  return around.collected.items.calendars.flatMap((item) => {
    const yaml = item.value;
    if (yaml === null) return [];
    if (yaml.id === ALWAYS) complain(around, item, ['id'], RESERVED);
    const week = weekOf(around, item, yaml.week ?? {});
    const followed = followedLists(around, item, yaml, lists);
    const dates = new Map<string, CalendarDate>();
    const workday = workdaySpans(around, item, yaml, week);
    for (const list of followed) {
      for (const [date, { kind, name }] of list.dates) dates.set(date, { date, name, spans: kind === 'off' ? [] : [...workday] });
    }
    for (const date of ownDates(around, item, yaml, week)) dates.set(date.date, date);
    const knownUntil = followed.reduce<string | null>(
      (earliest, list) => (earliest === null || list.knownUntil < earliest ? list.knownUntil : earliest),
      null,
    );
    if (
      item.whole &&
      Object.keys(yaml.week).length > 0 &&
      [...week, ...[...dates.values()].map((date) => date.spans)].every((spans) => spans.length === 0)
    ) {
      complain(around, item, ['week'], COUNTS_NOTHING);
    }
    if (today !== null && knownUntil !== null) warnOfEnd(around, item, knownUntil, today);
    return [
      {
        id: yaml.id,
        name: yaml.name,
        nameEn: yaml.nameEn ?? null,
        week,
        dates: [...dates.values()].sort((a, b) => (a.date < b.date ? -1 : 1)),
        knownUntil,
      },
    ];
  });
}

function complain(around: Surroundings, item: CalendarItem, path: Path, complaint: Complaint): void {
  around.faults.push(item.document.fault([...item.path, ...path], complaint));
}

/** Sorted spans; overlapping ones are a fault. */
function sorted(around: Surroundings, item: CalendarItem, spans: readonly Minutes[], path: Path): Minutes[] {
  const overlap = overlapOf(spans);
  const [first, second] = overlap?.map((i) => spans[i]) ?? [];
  if (overlap !== null && first !== undefined && second !== undefined)
    complain(around, item, [...path, overlap[1]], overlapping(first, second));
  return [...spans].sort((a, b) => a.from - b.from);
}

function weekOf(around: Surroundings, item: CalendarItem, week: WeekYaml): Minutes[][] {
  if (item.whole && Object.keys(week).length === 0) complain(around, item, ['week'], NO_DAYS);
  const read = Object.fromEntries(
    Object.entries(week).map(([name, spans]) => [name, sorted(around, item, spans ?? [], ['week', name])]),
  ) as Record<string, Minutes[] | undefined>;
  return WEEKDAYS.map((day, i) => read[day] ?? read[i < SATURDAY ? 'weekdays' : 'weekend'] ?? read.everyday ?? []);
}

/** An adjusted workday is worked as the day that `workdays` names: Monday, or the first day of the week that has spans at all. */
function workdaySpans(around: Surroundings, item: CalendarItem, yaml: CalendarYaml, week: readonly Minutes[][]): readonly Minutes[] {
  if (yaml.workdays !== undefined) {
    const spans = week[WEEKDAYS.indexOf(yaml.workdays)] ?? [];
    if (item.whole && spans.length === 0) complain(around, item, ['workdays'], WORKDAY_WITHOUT_SPANS);
    return spans;
  }
  const first = week.findIndex((spans) => spans.length > 0);
  return week[first === -1 ? MONDAY : first] ?? [];
}

function followedLists(
  around: Surroundings,
  item: CalendarItem,
  yaml: CalendarYaml,
  lists: ReadonlyMap<string, HolidayList>,
): HolidayList[] {
  const given = yaml.holidays ?? [];
  const names = typeof given === 'string' ? [given] : given;
  return names.flatMap((name, i) => {
    const id = around.references.resolve('holidays', name, item, typeof given === 'string' ? ['holidays'] : ['holidays', i]);
    const list = id === null ? undefined : lists.get(id);
    return list === undefined ? [] : [list];
  });
}

function ownDates(around: Surroundings, item: CalendarItem, yaml: CalendarYaml, week: readonly Minutes[][]): CalendarDate[] {
  const seen = new Set<string>();
  return (yaml.dates ?? []).flatMap((entry, i) => {
    if ((entry.spans === undefined) === (entry.as === undefined)) complain(around, item, ['dates', i], SPANS_OR_AS);
    const again = entry.date.find((date) => seen.has(date));
    if (again !== undefined) complain(around, item, ['dates', i, 'date'], dateTwice(again));
    const spans =
      entry.as !== undefined
        ? (week[WEEKDAYS.indexOf(entry.as)] ?? [])
        : entry.spans === 'off' || entry.spans === undefined
          ? []
          : sorted(around, item, entry.spans, ['dates', i, 'spans']);
    return entry.date.map((date) => {
      seen.add(date);
      return { date, spans: [...spans], name: entry.name ?? '' };
    });
  });
}

/** Warns while the holidays of the current or the next half-year are not all known. */
function warnOfEnd(around: Surroundings, item: CalendarItem, knownUntil: string, today: string): void {
  const ends = halfYearEnds(today);
  const beyond = ends.find((end) => end > knownUntil);
  if (beyond !== undefined) complain(around, item, ['holidays'], notKnown(knownUntil, beyond, beyond === ends[0]));
}

/** The last dates of the half-year a date lies in and of the next. */
export function halfYearEnds(today: string): readonly [string, string] {
  const year = Number(today.slice(0, 4));
  return today.slice(5, 7) <= '06' ? [`${year}-06-30`, `${year}-12-31`] : [`${year}-12-31`, `${year + 1}-06-30`];
}

const RESERVED: Complaint = {
  code: 'reserved-id',
  problem: text('"always" already means that all time counts', '"always" 已表示全部时间均计入'),
  expected: text('another id', '其他标识'),
};
const NO_DAYS: Complaint = {
  code: 'calendar-without-days',
  problem: text('the week names no day', '未给出任何一天'),
  expected: text('days such as {weekdays: ["08:30-12:00", "13:30-17:30"]}', '如 {weekdays: ["08:30-12:00", "13:30-17:30"]}'),
};
const COUNTS_NOTHING: Complaint = {
  code: 'calendar-counts-nothing',
  problem: text('the calendar counts no time at all', '该日历不计入任何时间'),
  expected: text('at least one span in the week or on a date', '星期或日期中至少一个时段'),
  found: null,
};
const WORKDAY_WITHOUT_SPANS: Complaint = {
  code: 'workday-without-spans',
  problem: text('adjusted workdays would count no time, as this day has no spans', '该日没有时段，调休上班日将不计入任何时间'),
  expected: text('a day of the week that has spans', '有时段的星期几'),
};
const SPANS_OR_AS: Complaint = {
  code: 'spans-or-as',
  problem: text('it is not clear what counts on this date', '未明确该日期计入哪些时间'),
  expected: text('either "spans" (a list, or off) or "as" (a weekday)', '"spans"（列表或 off）与 "as"（星期几）二者取一'),
  found: null,
};
const overlapping = (first: Minutes, second: Minutes): Complaint => ({
  code: 'overlapping-spans',
  problem: text(`the spans ${spanText(first)} and ${spanText(second)} overlap`, `时段 ${spanText(first)} 与 ${spanText(second)} 重叠`),
  expected: text('spans of one day that do not overlap', '同一天的时段互不重叠'),
});
const notKnown = (until: string, end: string, isCurrent: boolean): Complaint => ({
  severity: 'warning',
  code: 'holidays-not-known',
  problem: text(
    `holidays are known until ${until}; the ${isCurrent ? 'current' : 'next'} half-year goes on to ${end}, and its later dates are taken as ordinary days`,
    `节假日仅知至 ${until}；${isCurrent ? '当前' : '下一个'}半年至 ${end} 结束，其后日期按普通日计`,
  ),
  expected: text(
    'the list with the next notice, when it is published: a newer release, or a list of your own in the section "holidays"',
    '通知公布后更新节假日表：升级软件，或在 "holidays" 段自行给出',
  ),
});
