/** "Inside" or "outside" of a calendar, as routes, rotas and conditions say it. */
import { ALWAYS } from './calendars.ts';
import type { Item } from './collect.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import type { WhenYaml } from './telling-schema.ts';
import { timeZoneFault } from './time-zone.ts';

export interface When {
  readonly id: string;
  readonly when: 'inside' | 'outside';
  readonly timeZone: string;
}

/** Null where nothing is said, or all time is meant. Faults go to `around.faults`. */
export function readWhen(
  around: Surroundings,
  item: Item<unknown>,
  given: WhenYaml | undefined,
  path: Path,
  timeZone: string,
): When | null {
  if (given === undefined) return null;
  const isShort = typeof given === 'string';
  const { id: name, when, timeZone: own } = isShort ? { id: given, when: 'inside' as const, timeZone: undefined } : given;
  const id = around.references.resolve('calendar', name, item, isShort ? path : [...path, 'id']);
  const zone = timeZoneFault(own, item, [...path, 'timeZone']);
  if (zone !== null) around.faults.push(zone);
  if (id === ALWAYS && when === 'outside') around.faults.push(item.document.fault([...item.path, ...path], NEVER));
  return id === null || id === ALWAYS ? null : { id, when, timeZone: own ?? timeZone };
}

const NEVER: Complaint = {
  code: 'never',
  problem: text('outside of "always" is never', '"always" 之外没有任何时间'),
  expected: text('a calendar that leaves time out', '并非涵盖全部时间的日历'),
};
