import type { InterfaceSampleBatch } from '@beacontower/contracts';
import { COUNTERS, type InterfaceColumns } from './columns.ts';
import { ANEW, mostOctets, mostPackets, narrowIncrement, RESTARTED, STALE, spanBetween, UNKNOWN_SPEED_MBITS } from './plausible.ts';
import { Predecessors } from './predecessors.ts';
import { Reading } from './reading.ts';
import { RowPlan } from './row-plan.ts';

/** Why an increment is not known although the counter was answered. */
export const UNKNOWN_CAUSES = ['restarted', 'discontinuity', 'went-back', 'wrapped', 'impossible', 'width-changed'] as const;
export type UnknownCause = (typeof UNKNOWN_CAUSES)[number];

/** What became of rows since it was last taken. */
export interface IncrementTally {
  /** Readings without one before: they become no row. */
  first: number;
  /** Readings not newer than the one before them: seen already, or overtaken. */
  stale: number;
  readonly unknown: Record<UnknownCause, number>;
}

/** Positions in `INTERFACE_COUNTERS`. */
const OCTETS = [0, 4] as const;
const OCTET_BITS = 0b0000_0001_0001;
/** Errors and discards: 32 bits wide on every link there is, and few. */
const RARE_BITS = 0b1111_0000_0000;
/** A span is stored in 32 bits. */
const LONGEST_SPAN_MS = 0xffff_ffff;
const EXACT = Number.MAX_SAFE_INTEGER;

/** What is to be done with the counters of a row: nothing, remember them, say why none is known, or take differences. */
const SKIP = 0;
const REMEMBER = 1;
const DIFFER = 2;
/** `UNKNOWN + i`: none is known because of `UNKNOWN_CAUSES[i]`. */
const UNKNOWN = 3;

/**
 * Makes increments of counters. It is given the batches of a partition in the order of its stream, so it knows every reading's
 * predecessor; what a difference means is settled here, once (decision 0011). An increment is exact, or NaN.
 *
 * It runs for every sample there is: rows are judged first, then each counter goes through its column in one tight loop.
 */
export class Increments {
  /** The reading and the increments that each check had last. */
  readonly latest = new Predecessors();
  #tally = emptyTally();
  readonly #plan = new RowPlan();
  readonly #reading = new Reading();
  #batch = 0;

  takeTally(): IncrementTally {
    const tally = this.#tally;
    this.#tally = emptyTally();
    return tally;
  }

  /** Adds the rows of a batch to `into`; null only remembers the readings, for the rows to come. Throws on columns that differ in length. */
  take(batch: InterfaceSampleBatch, into: InterfaceColumns | null): void {
    const reading = this.#reading;
    reading.fill(batch);
    const plan = this.#plan;
    plan.reserve(reading.rows);
    this.#batch++;
    into?.reserve(reading.rows);
    for (let row = 0; row < reading.rows; row++) {
      plan.what[row] = this.#judge(reading, row);
      if ((plan.what[row] as number) >= DIFFER && into) this.#write(into, row);
    }
    for (let counter = 0; counter < COUNTERS; counter++) this.#column(reading, counter, into);
  }

  /** Decides about a row and remembers all of it but its counters. */
  #judge(reading: Reading, row: number): number {
    const before = this.latest;
    const plan = this.#plan;
    const check = reading.check[row] as number;
    const at = reading.startedAt + (reading.read[row] as number);
    const known = before.slotOf(check);
    const slot = known < 0 ? before.add(check) : known;
    plan.slot[row] = slot;
    const elapsed = known < 0 ? 0 : at - (before.at[slot] as number);
    const span = known < 0 ? ANEW : spanBetween(before.uptime[slot] as number, reading.uptime[row] as number, elapsed);
    // A check twice in one batch: its counters of before are not in place yet, and a collector reads an interface once a round.
    if (span === STALE || before.batch[slot] === this.#batch) {
      this.#tally.stale++;
      return SKIP;
    }
    before.batch[slot] = this.#batch;
    const covered = span === RESTARTED ? elapsed : span;
    if (span === ANEW || covered > LONGEST_SPAN_MS) {
      this.#tally.first++;
      before.keep(slot, reading, row, at, 0);
      return REMEMBER;
    }
    const what = this.#whatOf(reading, row, slot, span);
    if (what === DIFFER) this.#limit(reading, row, slot, covered);
    before.keep(slot, reading, row, at, covered);
    return what;
  }

  #whatOf(reading: Reading, row: number, slot: number, span: number): number {
    if (span === RESTARTED) return unknown('restarted');
    const before = this.latest;
    if (before.broken[slot] !== reading.broken[row]) return unknown('discontinuity');
    // Octets that went back tell of a restart nobody told of: what else was counted began anew too. Another counter tells of itself alone.
    const wide =
      (before.wide[slot] as number) & (before.present[slot] as number) & (reading.wide[row] as number) & (reading.present[row] as number);
    if ((wide & OCTET_BITS) === 0) return DIFFER;
    for (const counter of OCTETS)
      if (((wide >> counter) & 1) === 1 && before.difference(slot, counter, reading, row) < 0) return unknown('went-back');
    return DIFFER;
  }

  /** Which counters can be compared, and how much can have passed. */
  #limit(reading: Reading, row: number, slot: number, span: number): void {
    const plan = this.#plan;
    const before = this.latest;
    plan.both[row] = (before.present[slot] as number) & (reading.present[row] as number);
    plan.changed[row] = (before.wide[slot] as number) ^ (reading.wide[row] as number);
    // The faster of the two: a line may have changed its speed in between.
    const speed = Math.max(before.speed[slot] as number, reading.speed[row] as number);
    plan.isAssumed[row] = speed === 0 ? 1 : 0;
    plan.octets[row] = mostOctets(speed || UNKNOWN_SPEED_MBITS, span);
    plan.packets[row] = mostPackets(speed || UNKNOWN_SPEED_MBITS, span);
  }

  /** One counter of every row. */
  #column(reading: Reading, counter: number, into: InterfaceColumns | null): void {
    const { what, slot: slots, out, octets, packets, both } = this.#plan;
    const bit = 1 << counter;
    const now = reading.halves[counter] as Uint32Array;
    const before = this.latest.halves[counter] as Uint32Array;
    const increments = this.latest.increments[counter] as Float64Array;
    const written = into?.increments[counter] ?? null;
    const limits = (OCTET_BITS & bit) === 0 ? packets : octets;
    const { wide, rows } = reading;
    for (let row = 0; row < rows; row++) {
      const todo = what[row] as number;
      if (todo === SKIP) continue;
      const slot = slots[row] as number;
      const low = now[row * 2] as number;
      const high = now[row * 2 + 1] as number;
      let increment = Number.NaN;
      if (todo === DIFFER && ((both[row] as number) & bit) !== 0) {
        const difference = (high - (before[slot * 2 + 1] as number)) * 4_294_967_296 + (low - (before[slot * 2] as number));
        const isPlain = difference >= 0 && difference <= (limits[row] as number) && ((wide[row] as number) & bit) !== 0;
        increment =
          isPlain && ((this.#plan.changed[row] as number) & bit) === 0 ? difference : this.#uncommon(reading, row, bit, difference);
      } else if (todo >= UNKNOWN && ((reading.present[row] as number) & bit) !== 0) {
        this.#lost(UNKNOWN_CAUSES[todo - UNKNOWN] as UnknownCause);
      }
      before[slot * 2] = low;
      before[slot * 2 + 1] = high;
      increments[slot] = increment;
      if (written !== null && todo >= DIFFER) written[out[row] as number] = increment;
    }
  }

  /** What is not a 64-bit counter that went on as far as its line carries. */
  #uncommon(reading: Reading, row: number, bit: number, difference: number): number {
    const { changed, isAssumed, octets, packets } = this.#plan;
    if (((changed[row] as number) & bit) !== 0) return this.#lost('width-changed');
    const most = ((OCTET_BITS & bit) === 0 ? packets : octets)[row] as number;
    const isKnownSpeed = isAssumed[row] === 0;
    if (((reading.wide[row] as number) & bit) !== 0) {
      if (difference < 0) return this.#lost('went-back');
      return (isKnownSpeed && difference > most) || difference > EXACT ? this.#lost('impossible') : difference;
    }
    const increment = narrowIncrement(difference, most, (RARE_BITS & bit) !== 0);
    if (increment === null) return this.#lost('wrapped');
    return increment > most ? this.#lost(isKnownSpeed ? 'impossible' : 'wrapped') : increment;
  }

  #lost(cause: UnknownCause): number {
    this.#tally.unknown[cause]++;
    return Number.NaN;
  }

  #write(into: InterfaceColumns, row: number): void {
    const { latest } = this;
    const slot = this.#plan.slot[row] as number;
    const out = into.count++;
    this.#plan.out[row] = out;
    into.check[out] = latest.check[slot] as number;
    into.at[out] = latest.at[slot] as number;
    into.span[out] = latest.span[slot] as number;
    into.speed[out] = latest.speed[slot] as number;
    into.status[out] = latest.status[slot] as number;
  }
}

function unknown(cause: UnknownCause): number {
  return UNKNOWN + UNKNOWN_CAUSES.indexOf(cause);
}

function emptyTally(): IncrementTally {
  return { first: 0, stale: 0, unknown: Object.fromEntries(UNKNOWN_CAUSES.map((cause) => [cause, 0])) as Record<UnknownCause, number> };
}
