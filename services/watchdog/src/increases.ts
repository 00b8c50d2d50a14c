/** One value of a counter as a process told it. */
export interface CounterReading {
  readonly process: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Increase {
  readonly at: number;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly by: number;
}

/** A counter not heard of for so long is forgotten: its process is gone for good. */
const FORGOTTEN_MS = 3_600_000;

/**
 * What counters grew by within a window, over processes that come and go. A counter that went back belongs to a process that was
 * started again: all it shows is new. One that is met for the first time is new too, except at the first look of all.
 */
export class Increases {
  readonly #last = new Map<string, { value: number; at: number }>();
  #increases: Increase[] = [];
  #hasLooked = false;

  /** Takes in what all processes say at `at`; what is older than `since` is let go. */
  take(readings: readonly CounterReading[], at: number, since: number): void {
    for (const { process, name, labels, value } of readings) {
      const key = JSON.stringify([process, name, Object.entries(labels).sort()]);
      const before = this.#last.get(key);
      this.#last.set(key, { value, at });
      const by = before === undefined ? (this.#hasLooked ? value : 0) : value < before.value ? value : value - before.value;
      if (by > 0) this.#increases.push({ at, name, labels, by });
    }
    this.#hasLooked ||= readings.length > 0;
    this.#increases = this.#increases.filter((increase) => increase.at > since);
    for (const [key, { at: heard }] of this.#last) if (heard < at - FORGOTTEN_MS) this.#last.delete(key);
  }

  /** By how much the counter grew, all processes together, where these labels are as given. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    let sum = 0;
    for (const increase of this.#increases) if (increase.name === name && matches(increase.labels, labels)) sum += increase.by;
    return sum;
  }

  /** Every value that a label of this counter has had within the window. */
  valuesOf(name: string, label: string): string[] {
    const values = this.#increases.filter((increase) => increase.name === name).map((increase) => increase.labels[label] ?? '');
    return [...new Set(values)].sort();
  }
}

function matches(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([label, value]) => (labels[label] ?? '') === value);
}
