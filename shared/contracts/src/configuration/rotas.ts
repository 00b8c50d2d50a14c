/** Rotas: who is on duty in turn, looked at (also for times at which nobody is) and normalised. */
import { type Calendar, dutyGaps, type Interval, localMoment } from '@beacontower/domain';
import type { RotaBody } from '../entities.ts';
import { type Item, whole } from './collect.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import type { RotaYaml } from './telling-schema.ts';
import { timeZoneFault } from './time-zone.ts';
import type { LocalMomentYaml } from './times.ts';
import { isTimeZone } from './values.ts';
import { readWhen } from './when.ts';

const MINUTE = 60_000;
/** How far ahead it is looked whether somebody is on duty. */
const AHEAD_DAYS = 60;
const AHEAD_MS = AHEAD_DAYS * 86_400_000;

type RotaItem = Item<RotaYaml>;

/** `now`, epoch ms: whether somebody is on duty in the time to come is only asked when it is given. */
export function readRotas(around: Surroundings, nodeTimeZone: string, calendars: readonly Calendar[], now: number | null): RotaBody[] {
  const byId = new Map(calendars.map((calendar) => [calendar.id, calendar]));
  return whole(around.collected.items.rotas).map(({ item, value }) => {
    const before = around.faults.length;
    const zone = timeZoneFault(value.timeZone, item);
    if (zone !== null) around.faults.push(zone);
    const timeZone = value.timeZone ?? nodeTimeZone;
    const otherwise = value.otherwise === undefined ? null : around.references.resolve('contact', value.otherwise, item, ['otherwise']);
    const rota: RotaBody = {
      id: value.id,
      name: value.name,
      nameEn: value.nameEn ?? null,
      timeZone,
      layers: layersOf(around, item, value, timeZone),
      overrides: overridesOf(around, item, value, isTimeZone(timeZone) ? timeZone : 'UTC'),
      otherwise,
      tellHandOver: value.tellHandOver,
    };
    // What is looked at with faults in it would have gaps that nobody wrote.
    const isSound = item.whole && around.complete && isTimeZone(timeZone) && !around.faults.slice(before).some(isError);
    if (isSound && now !== null && otherwise === null) refuseGaps(around, item, rota, byId, now);
    return rota;
  });
}

const isError = ({ severity }: { readonly severity: string }) => severity === 'error';

function complain(around: Surroundings, item: RotaItem, path: Path, complaint: Complaint): void {
  around.faults.push(item.document.fault([...item.path, ...path], complaint));
}

function contactsOf(around: Surroundings, item: RotaItem, names: readonly string[], path: Path): string[] {
  return names.flatMap((name, i) => around.references.resolve('contact', name, item, [...path, i]) ?? []);
}

function layersOf(around: Surroundings, item: RotaItem, value: RotaYaml, timeZone: string): RotaBody['layers'] {
  const seen = new Set<string>();
  const layers = value.layers.map((layer, i) => {
    const path = ['layers', i];
    const id = layer.id ?? `layer-${i + 1}`;
    if (seen.has(id)) complain(around, item, layer.id === undefined ? path : [...path, 'id'], layerTwice(id));
    seen.add(id);
    const when = readWhen(around, item, layer.calendar, [...path, 'calendar'], timeZone);
    if (when !== null && when.timeZone !== timeZone) complain(around, item, [...path, 'calendar', 'timeZone'], ZONE_OF_ROTA);
    return {
      id,
      contacts: contactsOf(around, item, layer.contacts, [...path, 'contacts']),
      days: layer.days,
      from: layer.from,
      at: layer.at,
      calendar: when === null ? null : { id: when.id, when: when.when },
    };
  });
  warnOfShadowed(around, item, layers);
  return layers;
}

/** The last layer that is on duty wins: one that is there always leaves nothing to those before it, once it has begun. */
function warnOfShadowed(around: Surroundings, item: RotaItem, layers: RotaBody['layers']): void {
  layers.forEach((layer, i) => {
    const over = layers.findIndex((other, j) => j > i && other.calendar === null && other.from <= layer.from);
    if (over !== -1) complain(around, item, ['layers', i], shadowed(layers[over]?.id ?? ''));
  });
}

function overridesOf(around: Surroundings, item: RotaItem, value: RotaYaml, timeZone: string): RotaBody['overrides'] {
  const seen: { from: number; to: number }[] = [];
  return (value.overrides ?? []).map((given, i) => {
    const contact = around.references.resolve('contact', given.contact, item, ['overrides', i, 'contact']) ?? '';
    const span = { from: momentOf(given.from, timeZone), to: momentOf(given.to, timeZone) };
    if (span.to <= span.from) complain(around, item, ['overrides', i, 'to'], ENDS_BEFORE);
    else if (seen.some((other) => other.from < span.to && span.from < other.to))
      complain(around, item, ['overrides', i], OVERRIDES_OVERLAP);
    seen.push(span);
    return { contact, ...span };
  });
}

function momentOf({ date, minute, offset }: LocalMomentYaml, timeZone: string): number {
  return offset === null ? localMoment(date, minute, timeZone) : Date.parse(`${date}T00:00:00Z`) + (minute - offset) * MINUTE;
}

function refuseGaps(around: Surroundings, item: RotaItem, rota: RotaBody, calendars: ReadonlyMap<string, Calendar>, now: number): void {
  const gaps = dutyGaps(rota, [], calendars, now, now + AHEAD_MS);
  const [first] = gaps;
  if (first !== undefined) complain(around, item, [], nobodyOnDuty(first, gaps.length, now, rota.timeZone));
}

function nobodyOnDuty(gap: Interval, count: number, now: number, timeZone: string): Complaint {
  const expected = text(
    'layers that cover all time, or "otherwise": who is told when nobody is on duty',
    '覆盖全部时间的班次，或以 "otherwise" 指明无人值班时通知谁',
  );
  if (gap.from <= now && gap.to >= now + AHEAD_MS) {
    const problem = text(`nobody is on duty at all in the next ${AHEAD_DAYS} days`, `未来 ${AHEAD_DAYS} 天内始终无人值班`);
    return { code: 'nobody-on-duty', problem, expected, found: null };
  }
  const [from, to] = [gap.from, gap.to].map((at) => localText(at, timeZone));
  const more =
    count === 1
      ? text('', '')
      : text(` (and ${count - 1} more times in the next ${AHEAD_DAYS} days)`, `（未来 ${AHEAD_DAYS} 天内另有 ${count - 1} 次）`);
  const problem = text(`nobody is on duty from ${from} to ${to}${more.en}`, `${from} 至 ${to} 无人值班${more.zh}`);
  return { code: 'nobody-on-duty', problem, expected, found: null };
}

/** `2026-10-01 08:00` of a moment in a time zone. */
function localText(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at);
}

const layerTwice = (id: string): Complaint => ({
  code: 'duplicate-id',
  problem: text(`the id "${id}" is used twice in this rota`, `标识 "${id}" 在此值班表中重复`),
  expected: text('an id of its own', '唯一的标识'),
});
const ZONE_OF_ROTA: Complaint = {
  code: 'zone-of-rota',
  problem: text('the calendars of a rota are read in its own time zone', '值班表的日历按值班表自身的时区解读'),
  expected: text('"timeZone" at the rota', '在值班表上写 "timeZone"'),
};
const shadowed = (by: string): Complaint => ({
  severity: 'warning',
  code: 'layer-shadowed',
  problem: text(
    `nobody of this layer is ever on duty: "${by}" stands after it and is there always`,
    `此班次永远不会生效：其后的 "${by}" 始终在班`,
  ),
  expected: text('first the layer that is there always, then those that go before it', '先写始终在班的班次，再写优先于它的班次'),
  found: null,
});
const ENDS_BEFORE: Complaint = {
  code: 'until-before-since',
  problem: text('the stand-in ends before it begins', '替班结束早于开始'),
  expected: text('an end after "from"', '晚于 "from" 的结束时刻'),
  found: null,
};
const OVERRIDES_OVERLAP: Complaint = {
  severity: 'warning',
  code: 'overrides-overlap',
  problem: text('this stand-in overlaps one before it: the later in the list is on duty', '此替班与之前的替班重叠：以列表中靠后者为准'),
  expected: text('stand-ins that do not overlap', '互不重叠的替班'),
  found: null,
};
