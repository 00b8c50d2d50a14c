import { type Calendar, countedSpans, type Interval } from '@beacontower/domain';

const DAY = 86_400_000;
/** Spans are made for so long before and after the moment that was asked for. */
const BEFORE = 2 * DAY;
const AFTER = 3 * DAY;

/** When a condition is judged: inside, or outside, what a calendar counts. Moments are epoch ms. */
export class JudgedTime {
  readonly #calendar: Calendar;
  readonly #isInside: boolean;
  readonly #timeZone: string;
  #spans: readonly Interval[] = [];
  #from = 0;
  #to = 0;

  constructor(calendar: Calendar, when: 'inside' | 'outside', timeZone: string) {
    this.#calendar = calendar;
    this.#isInside = when === 'inside';
    this.#timeZone = timeZone;
  }

  /** Whether the condition is judged at this moment. */
  includes(at: number): boolean {
    return (this.#spanOf(at) !== undefined) === this.#isInside;
  }

  /** Since when it has been judged without a break until `at`, as far as two days back; `at` itself when it is not judged then. */
  since(at: number): number {
    if (!this.includes(at)) return at;
    const span = this.#spanOf(at);
    if (this.#isInside) return span?.from ?? at;
    return this.#spans.findLast(({ to }) => to <= at)?.to ?? this.#from;
  }

  #spanOf(at: number): Interval | undefined {
    if (at < this.#from + DAY || at >= this.#to - DAY) {
      this.#from = at - BEFORE;
      this.#to = at + AFTER;
      this.#spans = countedSpans(this.#calendar, this.#timeZone, this.#from, this.#to);
    }
    return this.#spans.find(({ from, to }) => from <= at && at < to);
  }
}
