import type { CalendarBody, ConditionBody } from '@beacontower/contracts';
import {
  type CheckDefinition,
  conditionCovers,
  isOfInterfaces,
  longestGap,
  type MonitoredObject,
  probeOf,
  snmpChecks,
} from '@beacontower/domain';
import { type Condition, createCondition } from './condition.ts';
import { Subject, subjectKey } from './subject.ts';

/** A check whose samples a subject is judged on; `slot` is its place among the subject's values. */
export interface Binding {
  readonly subject: Subject;
  readonly slot: number;
}

/** The inventory as conditions need it. */
export interface ConditionInventory {
  readonly conditions: readonly ConditionBody[];
  readonly calendars: ReadonlyMap<string, CalendarBody>;
  readonly objects: readonly MonitoredObject[];
  /** Check id → key. */
  readonly keys: ReadonlyMap<string, number>;
}

/** Which conditions are judged on which objects, and by which samples; made anew with each version of the inventory. */
export class SubjectTable {
  readonly conditions: readonly Condition[];
  /** By `subjectKey`. */
  readonly subjects = new Map<string, Subject>();
  /** Check key → what its samples of interfaces, or of ICMP, are judged for. */
  readonly byInterface = new Map<number, Binding[]>();
  readonly byIcmp = new Map<number, Binding[]>();
  /** Check key of an interface → the device whose restarts are watched. */
  readonly deviceOf = new Map<number, string>();
  readonly restarts = new Map<string, Subject[]>();
  /** Object → what is judged by its states. */
  readonly byState = new Map<string, Subject[]>();
  /** Every object that is judged. */
  readonly objects = new Set<string>();
  /** Interval of the slowest check that is sampled, ms; 0 when none is. */
  slowestMs = 0;

  constructor({ conditions, calendars, objects, keys }: ConditionInventory) {
    this.conditions = conditions.map((body) => createCondition(body, calendars));
    if (conditions.length === 0) return;
    const agents = snmpChecks(objects);
    for (const object of objects)
      for (const condition of this.conditions) {
        const { where, test } = condition.body;
        if (conditionCovers(where, test, object)) this.#add(condition, object, agents, keys);
      }
    if (this.restarts.size > 0) this.#followDevices(objects, keys);
  }

  get needsSamples(): boolean {
    return this.byInterface.size > 0 || this.byIcmp.size > 0 || this.deviceOf.size > 0;
  }

  #add(condition: Condition, object: MonitoredObject, agents: ReturnType<typeof snmpChecks>, keys: ReadonlyMap<string, number>): void {
    if (condition.samples !== null) {
      this.#addSampled(condition, object, agents, keys);
      return;
    }
    // Of a device without an agent nobody learns that it restarted.
    if (condition.restart !== null && !agents.has(object.id)) return;
    const subject = this.#subject(condition, object, { intervalMs: agents.get(object.id)?.policy.intervalMs ?? 0, gapMs: 0 });
    append(condition.restart === null ? this.byState : this.restarts, object.id, subject);
  }

  #addSampled(
    condition: Condition,
    object: MonitoredObject,
    agents: ReturnType<typeof snmpChecks>,
    keys: ReadonlyMap<string, number>,
  ): void {
    const kind = isOfInterfaces(condition.body.test) ? 'interface' : 'icmp';
    const sampled = object.checks.flatMap((check) => {
      const key = keys.get(check.id);
      const probe = check.kind === kind ? probeOf(check, agents) : null;
      return key === undefined || probe === null ? [] : [{ key, policy: probe.policy }];
    });
    const [first] = sampled;
    if (first === undefined) return;
    const intervalMs = Math.max(...sampled.map(({ policy }) => policy.intervalMs));
    const gapMs = Math.max(...sampled.map(({ policy }) => longestGap(policy)));
    this.slowestMs = Math.max(this.slowestMs, intervalMs);
    const subject = this.#subject(condition, object, { intervalMs, gapMs });
    for (const [slot, { key }] of sampled.entries()) {
      subject.values.push({ value: Number.NaN, at: 0 });
      append(kind === 'icmp' ? this.byIcmp : this.byInterface, key, { subject, slot });
    }
  }

  #subject(condition: Condition, object: MonitoredObject, times: { readonly intervalMs: number; readonly gapMs: number }): Subject {
    const subject = new Subject(condition, object, times);
    this.subjects.set(subjectKey(condition.body.id, object.id), subject);
    this.objects.add(object.id);
    return subject;
  }

  /** Every row of a device's interfaces tells its sysUpTime. */
  #followDevices(objects: readonly MonitoredObject[], keys: ReadonlyMap<string, number>): void {
    for (const { checks } of objects)
      for (const check of checks) {
        const device = deviceOf(check);
        const key = keys.get(check.id);
        if (device !== null && key !== undefined && this.restarts.has(device)) this.deviceOf.set(key, device);
      }
    for (const [subject] of this.restarts.values()) this.slowestMs = Math.max(this.slowestMs, subject?.intervalMs ?? 0);
  }
}

function deviceOf(check: CheckDefinition): string | null {
  return check.kind === 'interface' ? check.device : null;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
