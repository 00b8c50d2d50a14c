import type { ConditionMemory, MonitoredObject } from '@beacontower/domain';
import type { Condition } from './condition.ts';

/** The last value of one of an object's checks; epoch ms, 0 when there is none yet. */
interface CheckValue {
  value: number;
  at: number;
}

/** One condition on one object. */
export class Subject {
  readonly condition: Condition;
  readonly object: MonitoredObject;
  /** Interval of the checks that are sampled, and the time without a sample that is a gap; ms. */
  readonly intervalMs: number;
  readonly gapMs: number;
  /** Of each sampled check of the object. */
  readonly values: CheckValue[] = [];
  memory: ConditionMemory | null = null;
  /** Of one that was raised. */
  incident: string | null = null;
  /** A row tells of it in the record. */
  isRecorded = false;
  /** The last value is another than its incident says. */
  isMoved = false;
  /** Number of the batch that last touched it. */
  touched = 0;

  constructor(condition: Condition, object: MonitoredObject, times: { readonly intervalMs: number; readonly gapMs: number }) {
    this.condition = condition;
    this.object = object;
    this.intervalMs = times.intervalMs;
    this.gapMs = times.gapMs;
  }

  /** Takes over what was remembered of the same condition on the same object. */
  inherit({ memory, incident, isRecorded, isMoved, values }: Subject): void {
    Object.assign(this, { memory, incident, isRecorded, isMoved });
    if (values.length === this.values.length) for (const [slot, value] of values.entries()) this.values[slot] = value;
  }

  /** Takes up what the record says. */
  recall(memory: ConditionMemory, incident: string | null): void {
    Object.assign(this, { memory, incident, isRecorded: true });
  }

  /** The record says what is known; an incident that was asked for may have been there already, under another id. */
  settle(adopted: ReadonlyMap<string, string>): void {
    this.isRecorded = this.memory !== null;
    if (this.incident !== null) this.incident = adopted.get(this.incident) ?? this.incident;
  }

  remember(memory: ConditionMemory | null): void {
    if (memory === this.memory) return;
    this.isMoved ||= memory?.phase === 'raised' && memory.value !== this.memory?.value;
    this.memory = memory;
  }
}

export function subjectKey(condition: string, object: string): string {
  return JSON.stringify([condition, object]);
}
