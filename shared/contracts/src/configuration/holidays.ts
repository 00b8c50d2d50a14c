/** Lists of holidays: those that come with the software, and those of the configuration, which go before them. */

import type { HolidaysYaml } from './calendar-schema.ts';
import { type Collected, collect, type Item } from './collect.ts';
import { readDocument, type SourceFile } from './document.ts';
import { MAX_BYTES } from './document-complaints.ts';
import { type Complaint, type Fault, text } from './fault.ts';

/** What a list says of one date. */
export interface Holiday {
  readonly kind: 'off' | 'work';
  readonly name: string;
}

export interface HolidayList {
  readonly knownUntil: string;
  readonly dates: ReadonlyMap<string, Holiday>;
}

type HolidayItem = Item<HolidaysYaml>;

/** Shipped lists as they were read. Their faults are said like those of any file. */
export interface ShippedHolidays {
  readonly items: readonly HolidayItem[];
  readonly faults: readonly Fault[];
}

/** Reads the files of shipped lists; of each only the section `holidays` is of use. */
export function readShipped(files: readonly SourceFile[]): ShippedHolidays {
  const collected = collect(files.map((file) => readDocument(file, MAX_BYTES)));
  return { items: collected.items.holidays, faults: collected.faults };
}

/** All lists by id; what is wrong in one goes to `faults`. */
export function readHolidays(collected: Collected, shipped: ShippedHolidays, faults: Fault[]): Map<string, HolidayList> {
  const lists = new Map<string, HolidayList>();
  for (const item of [...shipped.items, ...collected.items.holidays]) {
    if (item.value !== null) lists.set(item.value.id, listOf(item, item.value, faults));
  }
  return lists;
}

/** What a later notice says of a date goes before what an earlier one said. */
function listOf(item: HolidayItem, yaml: HolidaysYaml, faults: Fault[]): HolidayList {
  const dates = new Map<string, Holiday>();
  for (const [n, notice] of (yaml.notices ?? []).entries()) {
    const own = new Set<string>();
    for (const kind of ['off', 'work'] as const) {
      for (const [name, entries] of Object.entries(notice[kind] ?? {})) {
        for (const [i, days] of entries.entries()) {
          const again = days.find((date) => own.has(date));
          if (again !== undefined) faults.push(item.document.fault([...item.path, 'notices', n, kind, name, i], dateTwice(again)));
          for (const date of days) {
            own.add(date);
            dates.set(date, { kind, name });
          }
        }
      }
    }
    const last = [...own].reduce((latest, date) => (date > latest ? date : latest), '');
    if (yaml.knownUntil !== undefined && last > yaml.knownUntil)
      faults.push(item.document.fault([...item.path, 'knownUntil'], beyondKnown(last)));
  }
  return { knownUntil: yaml.knownUntil, dates };
}

/** A date that stands twice where it must stand once. */
export const dateTwice = (date: string): Complaint => ({
  code: 'date-twice',
  problem: text(`the date ${date} is given twice`, `日期 ${date} 重复出现`),
  expected: text('each date once', '每个日期只出现一次'),
});
const beyondKnown = (date: string): Complaint => ({
  code: 'beyond-known',
  problem: text(`the list names ${date}, which is later`, `表中含有更晚的日期 ${date}`),
  expected: text(`the last date that the list tells of: ${date} or later`, `该表所覆盖的最后日期：不早于 ${date}`),
});
