/** Objectives: which objects, which target, over which period; looked at and normalised. */
import type { ObjectBody, ObjectiveBody } from '../entities.ts';
import { judgeWarnings, usualWarnings, warningOf } from './burn-warnings.ts';
import { type Item, isMapping, whole } from './collect.ts';
import { meetsCriteria } from './criteria.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import type { ObjectiveYaml } from './objective-schema.ts';
import type { Surroundings } from './objects.ts';
import { timeZoneFault } from './time-zone.ts';

const DAY = 86_400_000;
/** A province that was cut off has come back by then, as a rule. */
const USUAL_CLOSE_MS = 5 * DAY;

type ObjectiveItem = Item<ObjectiveYaml>;
type Selection = Pick<ObjectiveBody, 'class' | 'objects' | 'where' | 'division'>;

/** Bodies of all objectives; `objects` are those of the same configuration, to see whether an objective has any. */
export function readObjectives(around: Surroundings, nodeTimeZone: string, objects: readonly ObjectBody[]): ObjectiveBody[] {
  return whole(around.collected.items.objectives).map(({ item, value }) => {
    const zone = timeZoneFault(value.timeZone, item);
    if (zone !== null) around.faults.push(zone);
    const selection = selectionOf(around, item, value, objects);
    const period = value.period ?? 'month';
    const rollingDays = typeof period === 'string' ? null : period.rolling;
    return {
      id: value.id,
      name: value.name,
      nameEn: value.nameEn ?? null,
      ...selection,
      target: value.target,
      aggregate: value.aggregate,
      period: typeof period === 'string' ? period : 'rolling',
      rollingDays,
      calendar: around.references.resolve('calendar', value.calendar ?? 'always', item, ['calendar']) ?? 'always',
      timeZone: value.timeZone ?? nodeTimeZone,
      basis: value.basis,
      closeAfterMs: closeOf(around, item, value),
      warnings: warningsOf(around, item, value),
    };
  });
}

function complain(around: Surroundings, item: ObjectiveItem, path: Path, complaint: Complaint): void {
  around.faults.push(item.document.fault([...item.path, ...path], complaint));
}

function selectionOf(around: Surroundings, item: ObjectiveItem, value: ObjectiveYaml, objects: readonly ObjectBody[]): Selection {
  const before = around.faults.length;
  const where = whereOf(around, item, value.where);
  const named = namesOf(around, item, value.objects);
  const division =
    value.division === undefined ? around.nodeDivision : around.references.resolve('division', value.division, item, ['division']);
  const selection = { class: value.class ?? null, objects: named, where, division: division ?? '' };
  if (!item.whole || around.faults.length > before) return selection;
  if (selection.class === null && named === null && where === null)
    complain(around, item, value.where === undefined ? [] : ['where'], NO_SELECTION);
  else if (around.complete) warnOfMembers(around, item, selection, objects);
  return selection;
}

/** Global ids; null when none are named. */
function namesOf(around: Surroundings, item: ObjectiveItem, names: readonly string[] | undefined): string[] | null {
  if (names === undefined) return null;
  const found = new Set<string>();
  for (const [i, name] of names.entries()) {
    const local = around.references.resolve('object', name, item, ['objects', i]);
    if (local === null) continue;
    const id = `${around.nodeId}:${local}`;
    if (found.has(id)) complain(around, item, ['objects', i], MEMBER_TWICE);
    found.add(id);
  }
  return [...found];
}

function whereOf(around: Surroundings, item: ObjectiveItem, where: ObjectiveYaml['where']): ObjectiveBody['where'] {
  if (where === undefined || Object.values(where).every((criterion) => criterion === undefined || isEmptyMapping(criterion))) return null;
  const resolved = (kind: 'division' | 'party', names: readonly string[] | undefined, key: string): string[] | null =>
    names === undefined
      ? null
      : [...new Set(names.flatMap((name, i) => around.references.resolve(kind, name, item, ['where', key, i]) ?? []))];
  return {
    kinds: where.kinds === undefined ? null : [...new Set(where.kinds)],
    divisions: resolved('division', where.divisions, 'divisions'),
    parties: resolved('party', where.parties, 'parties'),
    attributes: where.attributes === undefined || isEmptyMapping(where.attributes) ? null : where.attributes,
  };
}

const isEmptyMapping = (value: unknown): boolean => isMapping(value) && Object.keys(value).length === 0;

/**
 * Warns of an objective that nothing here belongs to, and of an object that is named and yet ruled out. Interfaces are discovered
 * later, so an objective of their kind is left alone.
 */
function warnOfMembers(around: Surroundings, item: ObjectiveItem, selection: Selection, objects: readonly ObjectBody[]): void {
  if (selection.where?.kinds?.includes('interface') === true) return;
  const names = selection.objects === null ? null : new Set(selection.objects);
  const named = names === null ? objects : objects.filter(({ id }) => names.has(id));
  const isMember = (object: ObjectBody) => meetsCriteria(selection, object);
  if (!named.some(isMember)) complain(around, item, [], NO_MEMBERS);
  else if (selection.objects !== null) {
    const out = named.find((object) => !isMember(object));
    if (out !== undefined) complain(around, item, ['objects', selection.objects.indexOf(out.id)], ruledOut(out.id));
  }
}

function closeOf(around: Surroundings, item: ObjectiveItem, { period, close }: ObjectiveYaml): number | null {
  const isRolling = period !== undefined && typeof period !== 'string';
  if (isRolling && close !== undefined) complain(around, item, ['close'], ROLLING_CLOSED);
  if (isRolling || close === 'by-hand') return null;
  return close?.after ?? USUAL_CLOSE_MS;
}

function warningsOf(around: Surroundings, item: ObjectiveItem, value: ObjectiveYaml): ObjectiveBody['warnings'] {
  const { warnings, target, period } = value;
  if (warnings === undefined || warnings === 'none') return [];
  if (warnings === 'default') return target === undefined || period === undefined ? [] : usualWarnings(period, target);
  for (const { index, key, complaint } of judgeWarnings(warnings, period, target))
    complain(around, item, ['warnings', index, key], complaint);
  return warnings.map(warningOf);
}

const NO_SELECTION: Complaint = {
  code: 'objective-members',
  problem: text('it is not clear which objects the objective is about', '未明确目标所针对的对象'),
  expected: text(
    'at least one of "class", "objects" and "where: {kinds, divisions, parties, attributes}"',
    '"class"、"objects"、"where: {kinds, divisions, parties, attributes}" 至少其一',
  ),
};
const NO_MEMBERS: Complaint = {
  severity: 'warning',
  code: 'objective-without-members',
  problem: text(
    'no object of this configuration meets all criteria of the objective, so it has no figure',
    '本配置中没有对象满足该目标的全部条件，因而没有数值',
  ),
  expected: text(
    'criteria that at least one object meets: class, objects, where and division count together',
    '至少有一个对象满足的条件：class、objects、where 与 division 须同时满足',
  ),
  found: null,
};
const ruledOut = (id: string): Complaint => ({
  severity: 'warning',
  code: 'objective-member-ruled-out',
  problem: text(`"${id}" is named, but another criterion rules it out`, `"${id}" 已列出，但被其他条件排除`),
  expected: text('objects that also meet "class", "where" and "division"', '同时满足 "class"、"where" 与 "division" 的对象'),
});
const MEMBER_TWICE: Complaint = {
  severity: 'warning',
  code: 'member-twice',
  problem: text('the object is named twice', '对象重复出现'),
  expected: text('each object once', '每个对象只写一次'),
};
const ROLLING_CLOSED: Complaint = {
  code: 'rolling-close',
  problem: text('a rolling period has no end, so it is not closed', '滚动周期没有终点，不能关闭'),
  expected: text('no "close" with {rolling: …}', '使用 {rolling: …} 时不写 "close"'),
};
