/** A value that is dear to make: kept, made anew in the background when it is old, and never by two at once. */
export interface Paced<T> {
  /** What there is now; undefined before the first was made. Has a new one made when this one is old. */
  newest(): T | undefined;
  /** Waits for the one that is being made, but not longer than `ms`; then what there is. */
  within(ms: number): Promise<T | undefined>;
}

export interface PaceOptions<T> {
  readonly make: () => Promise<T>;
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** At least so long between the end of one and the beginning of the next. */
  readonly pauseMs: number;
  readonly onError: (error: unknown) => void;
}

/** After one that took long the pause is longer: making takes at most this part of the time. */
const SHARE = 0.05;

export function paced<T>({ make, clock, pauseMs, onError }: PaceOptions<T>): Paced<T> {
  let value: T | undefined;
  let making: Promise<void> | undefined;
  let notBefore = Number.NEGATIVE_INFINITY;
  const begin = () => {
    if (making !== undefined || clock() < notBefore) return;
    const begun = clock();
    making = make()
      .then((made) => {
        value = made;
      }, onError)
      .finally(() => {
        making = undefined;
        notBefore = clock() + Math.max(pauseMs, (clock() - begun) / SHARE);
      });
  };
  return {
    newest() {
      begin();
      return value;
    },
    async within(ms) {
      begin();
      if (value !== undefined || making === undefined) return value;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms);
      });
      await Promise.race([making, late]).finally(() => clearTimeout(timer));
      return value;
    },
  };
}
