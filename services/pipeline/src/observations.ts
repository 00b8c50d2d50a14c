import { CONFIRMED, NO_REASON, type ObservationBatch, VERDICT } from '@beacontower/contracts';
import { type Observation, REASONS } from '@beacontower/domain';
import { unpackInt32, unpackUint32 } from '@beacontower/queue';

/** The rows of a batch, in order. */
export function* observationsOf(batch: ObservationBatch): Generator<{ readonly key: number; readonly observation: Observation }> {
  const keys = unpackUint32(batch.checks);
  const first = unpackInt32(batch.first);
  const last = unpackInt32(batch.last);
  const began = batch.began && unpackInt32(batch.began);
  for (let row = 0; row < keys.length; row++) {
    const code = batch.verdicts[row] as number;
    const taken = began?.[row];
    const observation: Observation = {
      at: batch.startedAt,
      tick: batch.tick,
      verdict: verdictOf(code),
      confirmed: (code & CONFIRMED) !== 0,
      first: batch.startedAt + (first[row] as number) + batch.clockUncertaintyMs,
      last: batch.startedAt + (last[row] as number) - batch.clockUncertaintyMs,
      // As far from the truth as `last`, the other way: so the midpoint of the two is not.
      began: taken === undefined ? undefined : batch.startedAt + taken + batch.clockUncertaintyMs,
      // One this version does not know (a newer collector's) is none: the verdict still counts.
      reason: REASONS[batch.reasons?.[row] ?? NO_REASON],
    };
    yield { key: keys[row] as number, observation };
  }
}

function verdictOf(code: number): Observation['verdict'] {
  const bare = code & ~CONFIRMED;
  return bare === VERDICT.down ? 'down' : bare === VERDICT.degraded ? 'degraded' : 'up';
}
