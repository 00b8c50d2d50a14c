import { randomUUID } from 'node:crypto';
import type { Resolution } from '@beacontower/contracts';
import type { ConditionDecision, ConditionMemory } from '@beacontower/domain';
import type { Subject } from './subject.ts';

/** A condition was raised on an object, or what was raised ended. `memory` is what was known of it then; `at` epoch ms. */
export type Change =
  | {
      readonly change: 'raised';
      readonly subject: Subject;
      readonly incident: string;
      readonly memory: ConditionMemory;
      readonly at: number;
    }
  | {
      readonly change: 'ended';
      readonly subject: Subject;
      readonly incident: string;
      readonly memory: ConditionMemory;
      readonly at: number;
      readonly resolution: Resolution;
    };

/** Carries decisions to their subjects, and collects in order what is to be written. */
export class Changes {
  #changes: Change[] = [];
  /** Subjects whose memory is another than the record's. */
  readonly changed = new Set<Subject>();
  /** Subjects of which something is remembered. */
  readonly afoot = new Set<Subject>();

  get isEmpty(): boolean {
    return this.#changes.length === 0;
  }

  take(): readonly Change[] {
    return this.#changes.splice(0);
  }

  /** @param value the value that decided, where there is one. */
  apply(subject: Subject, { memory, change, at }: ConditionDecision, value: number | null = null): void {
    if (memory === subject.memory) return;
    const before = subject.memory;
    this.#remember(subject, memory);
    if (change === 'raised' && memory !== null) {
      subject.incident = randomUUID();
      this.#changes.push({ change, subject, incident: subject.incident, memory, at });
    } else if (change === 'cleared' && before !== null) {
      this.#end(subject, { ...before, value: value ?? before.value }, at, 'recovered');
    }
  }

  /** Ends what is afoot for another reason than that it cleared. */
  end(subject: Subject, at: number, resolution: Resolution): void {
    const { memory } = subject;
    if (memory === null) return;
    this.#remember(subject, null);
    this.#end(subject, memory, at, resolution);
  }

  /** Takes up what the record remembers. */
  recall(subject: Subject, memory: ConditionMemory, incident: string | null): void {
    subject.recall(memory, incident);
    this.afoot.add(subject);
  }

  /** What was known of a subject is known of the one that takes its place in another inventory. */
  hand(before: Subject, next: Subject): void {
    next.inherit(before);
    if (this.afoot.delete(before)) this.afoot.add(next);
    if (this.changed.delete(before)) this.changed.add(next);
  }

  #remember(subject: Subject, memory: ConditionMemory | null): void {
    subject.remember(memory);
    this.changed.add(subject);
    if (memory === null) this.afoot.delete(subject);
    else this.afoot.add(subject);
  }

  #end(subject: Subject, memory: ConditionMemory, at: number, resolution: Resolution): void {
    const { incident } = subject;
    subject.incident = null;
    if (incident !== null) this.#changes.push({ change: 'ended', subject, incident, memory, at, resolution });
  }
}
