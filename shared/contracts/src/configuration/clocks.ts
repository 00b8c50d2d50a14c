/** Clocks: how soon an incident of a severity must be answered for and repaired; looked at and normalised. */
import type { ClockBody } from '../entities.ts';
import { type Item, whole } from './collect.ts';
import { type Complaint, placeText, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import { timeZoneFault } from './time-zone.ts';
import { readWhen } from './when.ts';

export function readClocks(around: Surroundings, nodeTimeZone: string): ClockBody[] {
  const seen = new Map<string, Item<unknown>>();
  return whole(around.collected.items.clocks).map(({ item, value }) => {
    const complain = (path: string[], complaint: Complaint) => around.faults.push(item.document.fault([...item.path, ...path], complaint));
    const first = seen.get(value.severity);
    if (first === undefined) seen.set(value.severity, item);
    else complain(['severity'], clockTwice(placeText(first.document.locate(first.path))));
    const { respond, repair, warnAt, timeZone = nodeTimeZone } = value;
    if (item.whole && respond === undefined && repair === undefined) complain([], NO_TIME);
    for (const key of ['respond', 'repair'] as const) if (value[key] === 0) complain([key], NO_TIME_LEFT);
    if (respond !== undefined && repair !== undefined && repair < respond) complain(['repair'], REPAIRED_BEFORE);
    if (warnAt <= 0 || warnAt >= 1) complain(['warnAt'], WARN_AT);
    const zone = timeZoneFault(value.timeZone, item);
    if (zone !== null) around.faults.push(zone);
    const when = readWhen(around, item, value.calendar, ['calendar'], timeZone);
    return {
      id: value.severity,
      respondMs: respond ?? null,
      repairMs: repair ?? null,
      warnAt,
      calendar: when === null ? null : { id: when.id, timeZone: when.timeZone },
    };
  });
}

const clockTwice = (place: string): Complaint => ({
  code: 'clock-twice',
  problem: text('there are two clocks of one severity', '同一级别有两个时限'),
  expected: text(`one for each severity; the first is at ${place}`, `每个级别一个；首个位于 ${place}`),
});
const NO_TIME: Complaint = {
  code: 'clock-without-time',
  problem: text('the clock measures nothing', '该时限未给出任何时长'),
  expected: text('"respond", "repair" or both', '"respond"、"repair" 之一或二者'),
  found: null,
};
const NO_TIME_LEFT: Complaint = {
  code: 'clock-without-time',
  problem: text('nobody can do it in no time', '时长为零，无法完成'),
  expected: text('a time such as 15m or 4h', '如 15m、4h 的时长'),
};
const REPAIRED_BEFORE: Complaint = {
  code: 'repair-before-respond',
  problem: text('it is to be repaired before anybody has to answer', '修复时限短于响应时限'),
  expected: text('"repair" that is not shorter than "respond"', '"repair" 不短于 "respond"'),
};
const WARN_AT: Complaint = {
  code: 'bad-share',
  problem: text('a warning at the beginning or at the end warns of nothing', '在开始或到期时预警没有意义'),
  expected: text('a share between, such as 75%', '介于其间的比例，如 75%'),
};
