const LEAST = 16 * 1024;
const FIRST = 512 * 1024;
/** A batch that takes longer holds up the snapshot on a thin line, and is lost when the line is cut. */
const LONG_MS = 3_000;
const SHORT_MS = 1_000;

/** How many bytes of lines go together: as many as the line and the node above take within a second or so. */
export class BatchSize {
  readonly #most: number;
  #bytes = FIRST;

  constructor(most: number) {
    this.#most = most;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A batch took so long; `isDivisible`: it was of more than one line. */
  took(ms: number, isDivisible: boolean): void {
    if (ms < SHORT_MS) this.#bytes = Math.min(this.#most, this.#bytes * 2);
    else if (ms > LONG_MS && isDivisible) this.#bytes = Math.max(LEAST, Math.floor(this.#bytes / 2));
  }

  /** It was more than is taken above. Whether less can be tried. */
  tooLarge(): boolean {
    if (this.#bytes <= 1) return false;
    this.#bytes = this.#bytes <= LEAST ? 1 : Math.max(LEAST, Math.floor(this.#bytes / 4));
    return true;
  }
}
