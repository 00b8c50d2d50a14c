import type { IcmpSampleBatch, InterfaceSampleBatch, SampleBatch } from '@beacontower/contracts';
import type { ObservedState } from '@beacontower/database';
import { judgeRestart, judgeSample } from '@beacontower/domain';
import { unpackUint32 } from '@beacontower/queue';
import { Increments, InterfaceColumns } from '@beacontower/samples';
import type { Changes } from './changes.ts';
import { isJudgedAt } from './condition.ts';
import { icmpColumns, icmpValue } from './icmp-value.ts';
import { interfaceValue, isInterfaceUp } from './interface-value.ts';
import { RestartWatch } from './restart-watch.ts';
import type { Subject } from './subject.ts';
import type { Binding, SubjectTable } from './subject-table.ts';

/** What became of values. */
export const VALUE_RESULTS = ['judged', 'not-known', 'object-down', 'no-reply', 'other-time'] as const;
export type ValueResult = (typeof VALUE_RESULTS)[number];

/** What judging a batch needs to know beside it. */
export interface JudgingContext {
  readonly table: SubjectTable;
  readonly states: ReadonlyMap<string, ObservedState>;
  readonly changes: Changes;
  /** Epoch ms. */
  readonly now: number;
}

/** Judges samples in the order of their streams. What it remembers of them is a cache of the streams: the readings before the next. */
export class SampleJudge {
  readonly #increments = new Increments();
  readonly #columns = new InterfaceColumns();
  readonly #restarts = new RestartWatch();
  #tally = new Map<ValueResult, number>();
  #batch = 0;

  takeTally(): ReadonlyMap<ValueResult, number> {
    const tally = this.#tally;
    this.#tally = new Map();
    return tally;
  }

  /** Remembers readings that were judged before, for those to come. Throws a `RangeError` on what is no batch. */
  prime(batch: SampleBatch, table: SubjectTable): void {
    if (batch.type !== 'interfaces' || !concerns(batch, table)) return;
    this.#increments.take(batch, null);
    this.#restarts.take(batch, table.deviceOf);
  }

  /** Throws a `RangeError` on what is no batch; nothing of it is judged then. */
  take(batch: SampleBatch, context: JudgingContext): void {
    this.#batch++;
    if (batch.type === 'icmp') this.#takeIcmp(batch, context);
    else if (concerns(batch, context.table)) this.#takeInterfaces(batch, context);
  }

  #takeInterfaces(batch: InterfaceSampleBatch, context: JudgingContext): void {
    const { table } = context;
    const columns = this.#columns;
    columns.count = 0;
    this.#increments.take(batch, columns);
    for (let row = 0; row < columns.count; row++) {
      const bindings = table.byInterface.get(columns.check[row] ?? 0);
      if (bindings === undefined) continue;
      const at = columns.at[row] ?? 0;
      const isUp = isInterfaceUp(columns, row);
      for (const { subject, slot } of bindings) {
        const metric = subject.condition.samples?.test.metric;
        if (metric === undefined) continue;
        this.#put(subject, slot, isUp ? interfaceValue(metric, columns, row) : Number.NaN, at);
      }
      // Checks of one object that are sampled in one batch are judged when the last of them is in; of nearly all there is one.
      this.#judgeAll(bindings, at, columns.span[row] ?? 0, context);
    }
    for (const { device, edge } of this.#restarts.take(batch, table.deviceOf))
      for (const subject of table.restarts.get(device) ?? []) {
        const { condition, memory } = subject;
        if (condition.restart !== null && isJudgedAt(condition, edge.at))
          context.changes.apply(subject, judgeRestart(condition.restart, memory, edge));
      }
  }

  #takeIcmp(batch: IcmpSampleBatch, context: JudgingContext): void {
    const { byIcmp } = context.table;
    if (byIcmp.size === 0) return;
    const columns = icmpColumns(batch);
    const bound: Binding[] = [];
    for (const [row, check] of columns.check.entries()) {
      const bindings = byIcmp.get(check);
      if (bindings === undefined) continue;
      for (const binding of bindings) {
        const metric = binding.subject.condition.samples?.test.metric;
        if (metric === undefined) continue;
        this.#put(binding.subject, binding.slot, icmpValue(metric, columns, row), batch.startedAt);
        bound.push(binding);
      }
    }
    this.#judgeAll(bound, batch.startedAt, null, context);
  }

  #put(subject: Subject, slot: number, value: number, at: number): void {
    const check = subject.values[slot];
    if (check === undefined || at <= check.at) return;
    check.value = value;
    check.at = at;
  }

  /** @param span null: one interval of the check. */
  #judgeAll(bindings: readonly Binding[], at: number, span: number | null, context: JudgingContext): void {
    for (const { subject } of bindings) {
      if (subject.values.length > 1) {
        if (subject.touched === this.#batch && span === null) continue;
        subject.touched = this.#batch;
      }
      this.#judge(subject, at, span ?? subject.intervalMs, context);
    }
  }

  #judge(subject: Subject, at: number, spanMs: number, { states, changes, now }: JudgingContext): void {
    const { condition, object, memory, gapMs } = subject;
    const rule = condition.samples;
    if (rule === null) return;
    const state = states.get(object.id)?.state;
    if (state === 'down' || state === 'unknown') {
      this.#count('object-down');
      return;
    }
    if (!isJudgedAt(condition, at) || !isJudgedAt(condition, now)) {
      this.#count('other-time');
      return;
    }
    const { worst, best } = valueNow(subject, at, rule.test.side);
    if (Number.isNaN(worst)) {
      this.#count('not-known');
      return;
    }
    // Of an object that does not reply at all the judge of its state says whether that is an outage.
    if (rule.test.metric === 'loss' && best === 1) {
      this.#count('no-reply');
      return;
    }
    this.#count('judged');
    changes.apply(subject, judgeSample(rule, memory, { value: worst, at, spanMs, gapMs }), worst);
  }

  #count(result: ValueResult): void {
    this.#tally.set(result, (this.#tally.get(result) ?? 0) + 1);
  }
}

/** The worst of what its checks told lately, and the best; NaN when none did. */
function valueNow({ values, gapMs, intervalMs }: Subject, at: number, side: 'above' | 'below'): { worst: number; best: number } {
  let highest = Number.NaN;
  let lowest = Number.NaN;
  for (const check of values) {
    if (Number.isNaN(check.value) || check.at < at - gapMs - intervalMs) continue;
    if (!(check.value <= highest)) highest = check.value;
    if (!(check.value >= lowest)) lowest = check.value;
  }
  return side === 'above' ? { worst: highest, best: lowest } : { worst: lowest, best: highest };
}

/** Whether any of the rows is judged: predecessors of the others are nobody's concern. */
function concerns({ checks }: InterfaceSampleBatch, { byInterface, deviceOf }: SubjectTable): boolean {
  if (byInterface.size === 0 && deviceOf.size === 0) return false;
  return unpackUint32(checks).some((check) => byInterface.has(check) || deviceOf.has(check));
}
