/** A published case of the conformance test: one rule of the protocol, tried once, with what was seen. */

/** Words in both languages. */
export interface BothWords {
  readonly en: string;
  readonly zh: string;
}

export interface Case<C> {
  /** Stable: reports are compared by it. */
  readonly id: string;
  /** Chapter of docs/federation/protocol.md. */
  readonly chapter: number;
  readonly rule: BothWords;
  /** Resolves to what was seen; throws `Unmet` or `NotTried`. */
  run(context: C): Promise<string>;
}

/** The rule does not hold: what was seen instead. */
export class Unmet extends Error {
  override readonly name = 'Unmet';
}

/** The rule could not be tried: what is missing for it. */
export class NotTried extends Error {
  override readonly name = 'NotTried';
}

export const OUTCOMES = ['passed', 'failed', 'skipped'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface CaseResult extends Pick<Case<never>, 'id' | 'chapter' | 'rule'> {
  readonly outcome: Outcome;
  readonly seen: string;
  readonly ms: number;
}

/** Tries the cases in their order; each is tried, whatever became of the one before. */
export async function tryCases<C>(
  cases: readonly Case<C>[],
  context: C,
  clock: { monotonic(): number },
  onResult: (result: CaseResult) => void = () => undefined,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of cases) {
    const begun = clock.monotonic();
    const { outcome, seen } = await tryCase(each, context);
    const result = { id: each.id, chapter: each.chapter, rule: each.rule, outcome, seen, ms: Math.round(clock.monotonic() - begun) };
    results.push(result);
    onResult(result);
  }
  return results;
}

async function tryCase<C>(each: Case<C>, context: C): Promise<Pick<CaseResult, 'outcome' | 'seen'>> {
  try {
    return { outcome: 'passed', seen: await each.run(context) };
  } catch (error) {
    const outcome = error instanceof NotTried ? 'skipped' : 'failed';
    return { outcome, seen: wordsOf(error) };
  }
}

// A connection that fails says why in its cause.
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: string };
  const inner = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message || code || error.name}${inner}`;
}

/** Throws `Unmet` with these words unless it holds. */
export function must(holds: boolean, seen: string): asserts holds {
  if (!holds) throw new Unmet(seen);
}
