/** How long to wait, how often to look, and what is awaited (for the message of a wait in vain). Milliseconds. */
export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  readonly what?: string;
}

/**
 * Looks until `predicate` gives something other than `undefined`, `null` or `false`, and gives that. Rejects after `timeoutMs`
 * (10 s unless told) naming what was awaited and, when the predicate threw at its last look, why.
 */
export async function waitFor<T>(
  predicate: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 20, what = 'the condition' }: WaitOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + timeoutMs;
  let fault: unknown;
  do {
    try {
      fault = undefined;
      const result = await predicate();
      if (found(result)) return result;
    } catch (error) {
      fault = error;
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  } while (performance.now() < deadline);
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, fault === undefined ? undefined : { cause: fault });
}

function found<T>(value: T): value is Exclude<T, undefined | null | false> {
  return value !== undefined && value !== null && value !== false;
}
