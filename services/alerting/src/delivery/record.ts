import {
  type AttemptUnderWay,
  type Database,
  freeHeld,
  hastenDivertible,
  type Recorded,
  readFailingSince,
  readFollowers,
  recordAttempt,
} from '@beacontower/database';
import { afterFailure, type Evidence, evidenceOf } from '@beacontower/domain';
import { judgeAttempt, type SendResult } from '@beacontower/mail';
import type { Clock, Logger } from '@beacontower/runtime';
import type { Channels } from '../channels/index.ts';
import type { AlertingMetrics } from '../metrics.ts';
import type { DeliveryBus } from '../ports.ts';
import type { DeliveryDirectory } from './directory.ts';

export interface RecordDependencies {
  readonly database: Database;
  readonly bus: DeliveryBus;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertingMetrics;
  readonly random: () => number;
}

/** Deliveries told to the bus at once when a channel is back or down. */
const BATCH = 1_000;

type State = 'delivered' | 'retrying' | 'uncertain' | 'dead';

/**
 * Records what became of an attempt, and queues what follows: the next attempt, or the messages to the same target that waited; when
 * its channel is back, what its breaker held; when it is down, what has a fallback. Null when somebody else has already declared the
 * attempt in doubt. `evidence`: what the attempt says of the channel, unless the result tells.
 */
export async function recordResult(
  attempt: AttemptUnderWay,
  directory: DeliveryDirectory,
  result: SendResult,
  deps: RecordDependencies,
  evidence: Evidence = evidenceOf(result),
): Promise<State | null> {
  const { clock, metrics, logger } = deps;
  const channel = directory.channels.get(attempt.channel);
  const now = clock.now();
  const verdict = judgeAttempt(result, {
    attempts: attempt.attempt - attempt.attemptBase,
    maxAttempts: channel?.maxAttempts ?? 1,
    inDoubt: channel ? deps.channels.inDoubt(channel) : 'leave',
    random: deps.random(),
  });
  const { state, pauseMs } = verdict;
  const failingSince = state === 'delivered' || attempt.fallbacks.length === 0 ? null : await readFailingSince(deps.database, attempt.id);
  const onward =
    state === 'delivered'
      ? ({ state, pauseMs: 0, divert: null } as const)
      : afterFailure({ state, pauseMs }, { refused: result.outcome === 'rejected', fallbacks: attempt.fallbacks, failingSince, now });
  const { outcome, status, response, error, digest, retryAfterMs } = result;
  const entry = { outcome, status, response, error, digest, retryAfterMs, evidence, onward, now };
  const recorded = await deps.database.transaction((tx) => recordAttempt(tx, attempt, entry));
  if (recorded === null) return null;
  if (outcome === 'in-doubt') metrics.inDoubt.inc({ kind: channel?.kind ?? 'none' });
  if (onward.divert) metrics.diverted.inc({ why: onward.divert.why });
  if (onward.state !== 'delivered') {
    logger.warn(
      { delivery: attempt.id, attempt: attempt.attempt, state: onward.state, channel: attempt.channel, reason: error },
      'not delivered',
    );
  }
  const next = { delivery: attempt.id, attempt: attempt.attempt, delayMs: onward.pauseMs };
  await tellNext(attempt, onward.state === 'retrying' ? next : null, recorded, deps);
  return onward.state;
}

async function tellNext(
  attempt: AttemptUnderWay,
  next: { readonly delivery: string; readonly attempt: number; readonly delayMs: number } | null,
  recorded: NonNullable<Recorded>,
  { database, bus, clock, logger, metrics }: RecordDependencies,
): Promise<void> {
  const now = clock.now();
  try {
    if (next) await bus.add([next]);
    else {
      const followers = await readFollowers(database, attempt.id);
      await bus.add(
        followers.map((follower) => ({ delivery: follower.id, attempt: follower.attempt, delayMs: Math.max(0, follower.dueAt - now) })),
        now,
      );
    }
    if (recorded.breaker === 'none') return;
    const { channel } = attempt;
    const closed = recorded.breaker === 'closed';
    metrics.breakers.inc({ change: recorded.breaker });
    logger.warn({ channel }, closed ? 'the channel answers again' : 'the channel is down: one message at a time tries it');
    const woken = await (closed ? freeHeld : hastenDivertible)(database, channel, now, BATCH);
    await bus.add(
      woken.map(({ id, attempt: made }) => ({ delivery: id, attempt: made, delayMs: 0 })),
      now,
    );
  } catch (error) {
    logger.warn({ err: error }, 'the bus was not told what comes next; the sweeper will');
  }
}
