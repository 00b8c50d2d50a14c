/** What changed since the snapshot that the node above acknowledged last. */
import type { Snapshot } from '@beacontower/contracts';
import type { Present } from '@beacontower/database';

type State = Snapshot['states'][number];

/** A snapshot that was acknowledged. */
export interface Told {
  readonly incarnation: string;
  readonly version: number;
  /** When the last whole one was sent, by the monotonic clock. */
  readonly wholeAt: number;
  readonly states: ReadonlyMap<string, State>;
}

export function toldOf({ incarnation, states }: Present, version: number, wholeAt: number): Told {
  return { incarnation, version, wholeAt, states: new Map(states.map((state) => [state[0], state])) };
}

/** States that are others now. */
export function changedStates({ states: before }: Told, now: readonly State[]): State[] {
  return now.filter((state) => {
    const known = before.get(state[0]);
    if (known === undefined) return state[1] !== 'unknown';
    return known[1] !== state[1] || known[2] !== state[2] || known[3] !== state[3];
  });
}

/** All that is to be said when nothing is known above: what is not told is unknown. */
export function wholeStates(now: readonly State[]): State[] {
  return now.filter(([, state]) => state !== 'unknown');
}
