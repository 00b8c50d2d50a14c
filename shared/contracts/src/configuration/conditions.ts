/** Conditions: what must hold of which objects, for how long; looked at and normalised. */
import type { ConditionBody, ObjectBody } from '../entities.ts';
import { type Item, whole } from './collect.ts';
import type { ConditionYaml } from './condition-schema.ts';
import { testOf } from './condition-tests.ts';
import { type Criteria, meetsCriteria } from './criteria.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import { readWhen } from './when.ts';

const MINUTE = 60_000;
/** Samples are taken at a pace of seconds to a minute: a limit that is passed once is not yet trouble. */
const USUAL_FOR_MS = 5 * MINUTE;
/** For so long an agent that was started anew is told of. */
const USUAL_RESTART_MS = 10 * MINUTE;

type ConditionItem = Item<ConditionYaml>;
type Where = ConditionBody['where'];

/** `objects` are those of the same configuration, to see whether a condition can hold of any. */
export function readConditions(around: Surroundings, nodeTimeZone: string, objects: readonly ObjectBody[]): ConditionBody[] {
  return whole(around.collected.items.conditions).map(({ item, value }) => {
    const before = around.faults.length;
    const where = whereOf(around, item, value.where);
    const test = testOf(around, item, value.test);
    const calendar = readWhen(around, item, value.calendar, ['calendar'], nodeTimeZone);
    if (test.on === 'restart' && value.for !== undefined && value.for > 0) complain(around, item, ['for'], RESTART_HAS_NO_FOR);
    if (test.on === 'restart' && value.clearFor === 0) complain(around, item, ['clearFor'], RESTART_OVER_AT_ONCE);
    if (item.whole && around.complete && around.faults.length === before) warnOfObjects(around, item, test, where, objects);
    const usual = test.on === 'restart' ? USUAL_RESTART_MS : USUAL_FOR_MS;
    return {
      id: value.id,
      name: value.name,
      nameEn: value.nameEn ?? null,
      severity: value.severity,
      where,
      test,
      forMs: test.on === 'restart' ? 0 : (value.for ?? USUAL_FOR_MS),
      clearForMs: value.clearFor ?? usual,
      calendar,
      runbook: value.runbook ?? null,
    };
  });
}

function complain(around: Surroundings, item: ConditionItem, path: Path, complaint: Complaint): void {
  around.faults.push(item.document.fault([...item.path, ...path], complaint));
}

function whereOf(around: Surroundings, item: ConditionItem, where: ConditionYaml['where']): Where {
  const all = (kind: 'division' | 'party', names: readonly string[] | undefined, key: string): string[] | null =>
    names === undefined
      ? null
      : [...new Set(names.flatMap((name, i) => around.references.resolve(kind, name, item, ['where', key, i]) ?? []))];
  const objects = where?.objects?.flatMap((name, i) => {
    const local = around.references.resolve('object', name, item, ['where', 'objects', i]);
    return local === null ? [] : [`${around.nodeId}:${local}`];
  });
  const attributes = where?.attributes ?? {};
  return {
    kinds: where?.kinds === undefined ? null : [...new Set(where.kinds)],
    divisions: all('division', where?.divisions, 'divisions'),
    parties: all('party', where?.parties, 'parties'),
    attributes: Object.keys(attributes).length === 0 ? null : attributes,
    classes: where?.classes === undefined ? null : [...new Set(where.classes)],
    objects: objects === undefined ? null : [...new Set(objects)],
  };
}

type Test = ConditionBody['test'];

/** Whether a condition is about an object. */
export function isMeant(where: Where, object: ObjectBody): boolean {
  const criteria: Criteria = { class: null, division: '', where };
  return (
    meetsCriteria(criteria, object) &&
    (where.classes === null || where.classes.includes(object.class)) &&
    (where.objects === null || where.objects.includes(object.id))
  );
}

/** Which kinds of objects can have what a test looks at: interfaces have counters, what is pinged has round-trip times, agents restart. */
function canHave(test: Test, object: ObjectBody): boolean {
  if (test.on === 'state') return true;
  if (test.on === 'restart') return object.checks.some(({ kind }) => kind === 'snmp');
  return ['rtt', 'jitter', 'loss'].includes(test.metric) && object.checks.some(({ kind }) => kind === 'icmp');
}

const OF_INTERFACES = new Set(['utilisation', 'errors', 'discards']);
const isOfInterfaces = (test: Test): boolean => test.on === 'samples' && OF_INTERFACES.has(test.metric);

/** Warns of a condition that can hold of nothing here. Interfaces are discovered later; only devices that are asked by SNMP have any. */
function warnOfObjects(around: Surroundings, item: ConditionItem, test: Test, where: Where, objects: readonly ObjectBody[]): void {
  if (isOfInterfaces(test) && where.kinds !== null && !where.kinds.includes('interface')) {
    complain(around, item, ['where', 'kinds'], ONLY_OF_INTERFACES);
    return;
  }
  const mayBeInterface = (where.kinds ?? ['interface']).includes('interface') && (isOfInterfaces(test) || test.on === 'state');
  const hasInterfaces = mayBeInterface && objects.some(({ checks }) => checks.some(({ kind }) => kind === 'snmp'));
  const holds = objects.some((object) => canHave(test, object) && isMeant(where, object));
  if (!hasInterfaces && !holds) complain(around, item, [], HOLDS_OF_NOTHING);
}

const RESTART_HAS_NO_FOR: Complaint = {
  severity: 'warning',
  code: 'restart-has-no-for',
  problem: text('a restart is a moment and does not last', '重启是一个时刻，没有持续时间'),
  expected: text('no "for" with test: restart', 'test: restart 时不写 "for"'),
};
const RESTART_OVER_AT_ONCE: Complaint = {
  code: 'restart-over-at-once',
  problem: text('the incident of a restart would be over when it begins', '重启事件将在开始时即结束'),
  expected: text('a time for which it is shown, such as 10m', '事件保留的时长，如 10m'),
};
const ONLY_OF_INTERFACES: Complaint = {
  severity: 'warning',
  code: 'condition-without-objects',
  problem: text('only interfaces have this, so the condition never holds', '只有接口具有该指标，此条件永远不会成立'),
  expected: text('kinds: [interface], or no "kinds"', 'kinds: [interface]，或不写 "kinds"'),
};
const HOLDS_OF_NOTHING: Complaint = {
  severity: 'warning',
  code: 'condition-without-objects',
  problem: text(
    'no object of this configuration meets "where" and has what the condition looks at, so it never holds',
    '本配置中没有对象既满足 "where" 又具有该条件所看的指标，此条件永远不会成立',
  ),
  expected: text(
    'objects that are pinged (rtt, jitter, loss) or asked by SNMP (utilisation, errors, discards, restart)',
    '被探测的对象（rtt、jitter、loss）或经 SNMP 查询的设备（utilisation、errors、discards、restart）',
  ),
  found: null,
};
