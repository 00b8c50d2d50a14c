/** What is connected: divisions, units, applications, and numbers that divisions report; looked at and normalised. */
import type { ApplicationBody, ConnectionBody, TallyBody, UnitBody } from '../entities.ts';
import { type Item, whole } from './collect.ts';
import { type Complaint, type Fault, placeText, text } from './fault.ts';
import type { Surroundings } from './objects.ts';

interface Dated {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** The dates of an item; an end that is not after the beginning is a fault. */
function datesOf(faults: Fault[], item: Item<unknown>, { since, until }: Dated): { since: string | null; until: string | null } {
  if (since !== undefined && until !== undefined && until <= since)
    faults.push(item.document.fault([...item.path, 'until'], untilBefore(since)));
  return { since: since ?? null, until: until ?? null };
}

function divisionOf(around: Surroundings, item: Item<unknown>, division: string | undefined): string {
  return division === undefined ? around.nodeDivision : (around.references.resolve('division', division, item, ['division']) ?? '');
}

/** `codes`: those of all lists of divisions; a connection of another is warned of, as no figure will count it. Null: not known. */
export function readConnections({ collected, faults }: Surroundings, codes: ReadonlySet<string> | null): ConnectionBody[] {
  return whole(collected.items.connections).map(({ item, value }) => {
    if (codes !== null && value.id !== undefined && !codes.has(value.id))
      faults.push(item.document.fault([...item.path, 'id'], NOT_LISTED));
    return { id: value.id, name: value.name ?? null, note: value.note ?? null, ...datesOf(faults, item, value) };
  });
}

export function readUnits(around: Surroundings): UnitBody[] {
  return whole(around.collected.items.units).map(({ item, value }) => ({
    id: value.id,
    name: value.name,
    level: value.level,
    division: divisionOf(around, item, value.division),
    terminals: value.terminals ?? null,
    internetExit: value.internetExit,
    ...datesOf(around.faults, item, value),
  }));
}

export function readApplications(around: Surroundings): ApplicationBody[] {
  return whole(around.collected.items.applications).map(({ item, value }) => ({
    id: value.id,
    name: value.name,
    level: value.level,
    division: divisionOf(around, item, value.division),
    ...datesOf(around.faults, item, value),
  }));
}

export function readTallies(around: Surroundings): TallyBody[] {
  const seen = new Map<string, Item<unknown>>();
  return whole(around.collected.items.tallies).map(({ item, value }) => {
    const { id, level, units = null, terminals = null, applications = null } = value;
    const division = divisionOf(around, item, value.division);
    const dates = datesOf(around.faults, item, value);
    if (item.whole && units === null && terminals === null && applications === null)
      around.faults.push(item.document.fault(item.path, NO_NUMBERS));
    const key = [division, level, dates.since ?? ''].join(' ');
    const first = seen.get(key);
    if (first === undefined) seen.set(key, item);
    else if (item.whole && first.whole)
      around.faults.push(item.document.fault(item.path, talliedTwice(placeText(first.document.locate(first.path)))));
    return { id, division, level, units, terminals, applications, ...dates };
  });
}

const NOT_LISTED: Complaint = {
  severity: 'warning',
  code: 'division-not-listed',
  problem: text('no list of divisions has this code, so that coverage does not count it', '各区划名单中均无此代码，覆盖率不会计入'),
  expected: text(
    'a code of config/divisions: a county, city or province of that year, or a unit of the Corps',
    'config/divisions 中的代码：当年的县、市、省，或兵团单位',
  ),
};
const untilBefore = (since: string): Complaint => ({
  code: 'until-before-since',
  problem: text(`it ends before it begins (${since})`, `结束早于开始（${since}）`),
  expected: text('the first day on which it is not connected any more, after "since"', '不再接入的第一天，晚于 "since"'),
});
const NO_NUMBERS: Complaint = {
  code: 'tally-without-numbers',
  problem: text('the tally says no number', '未给出任何数量'),
  expected: text('at least one of "units", "terminals" and "applications"', '"units"、"terminals"、"applications" 至少其一'),
  found: null,
};
const talliedTwice = (place: string): Complaint => ({
  code: 'tally-twice',
  problem: text('there are two tallies of one division and level since the same day', '同一区划、同一层级自同一天起有两份数量'),
  expected: text(`one of them, or another "since"; the first is at ${place}`, `保留其一，或给出不同的 "since"；首份位于 ${place}`),
  found: null,
});
