const EVERY_MS = 10_000;
const REMEMBERED = 10_000;

/** Says when something that happens over and over is to be told again: whoever sends rubbish by the thousand fills no log with it. */
export class Sparing {
  readonly #told = new Map<string, { at: number; silent: number }>();

  /** How often `key` happened since it was last told; null: it is not to be told now. */
  tell(key: string, now: number): number | null {
    const last = this.#told.get(key);
    if (last !== undefined && Math.abs(now - last.at) < EVERY_MS) {
      last.silent += 1;
      return null;
    }
    if (this.#told.size >= REMEMBERED) this.#told.clear();
    this.#told.set(key, { at: now, silent: 0 });
    return last?.silent ?? 0;
  }
}
