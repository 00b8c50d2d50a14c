const PAGE = 4_096;
const NONE = -1;

/** Check → time of its latest row. Keys are dense as a rule, so they lie in pages of numbers: a Map costs several times as much. */
export class Marks {
  readonly #pages = new Map<number, Float64Array>();
  #number = Number.NaN;
  #page: Float64Array = new Float64Array(0);

  /** -1 when no row of the check is known. */
  get(check: number): number {
    this.#turn(check);
    return this.#page[check % PAGE] ?? NONE;
  }

  set(check: number, at: number): void {
    this.#turn(check);
    this.#page[check % PAGE] = at;
  }

  /** Rows come by device, so the next check mostly lies in the page of the last. */
  #turn(check: number): void {
    const number = Math.floor(check / PAGE);
    if (number === this.#number) return;
    const page = this.#pages.get(number) ?? new Float64Array(PAGE).fill(NONE);
    this.#pages.set(number, page);
    this.#number = number;
    this.#page = page;
  }
}
