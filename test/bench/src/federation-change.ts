import type { TransitionPayload } from '@beacontower/contracts';
import type { State } from '@beacontower/domain';

/** The change of an object that has changed so often before: up at first, then down and up in turn. */
export function change(object: string, turn: number, at: number): TransitionPayload {
  const to: State = turn % 2 === 0 ? 'up' : 'down';
  const from: State = turn === 0 ? 'unknown' : to === 'up' ? 'down' : 'up';
  const edge = { at, earliest: at - 1_000, latest: at };
  return { object, check: null, resolutionMs: 20_000, from, to, ...edge, reason: to === 'up' ? 'replied' : 'no-reply', decidedAt: at };
}
