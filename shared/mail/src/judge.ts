import { backoffMs } from '@beacontower/domain';
import type { SendResult } from './result.ts';

/** What is recorded of an attempt and what comes next. */
export interface AttemptVerdict {
  readonly state: 'delivered' | 'retrying' | 'uncertain' | 'dead';
  /** Pause before the next attempt, ms; 0 when there is none. */
  readonly pauseMs: number;
}

export interface AttemptCircumstances {
  /** Attempts made since the delivery was first queued or last retried by hand, this one included. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** What the channel does with an attempt whose fate is unknown. */
  readonly inDoubt: 'resend' | 'leave';
  /** In [0, 1). */
  readonly random: number;
}

/** Decides what becomes of a delivery after an attempt. Pure. */
export function judgeAttempt(result: Pick<SendResult, 'outcome' | 'retryAfterMs'>, circumstances: AttemptCircumstances): AttemptVerdict {
  const { attempts, maxAttempts, inDoubt, random } = circumstances;
  if (result.outcome === 'delivered') return { state: 'delivered', pauseMs: 0 };
  if (result.outcome === 'rejected') return { state: 'dead', pauseMs: 0 };
  if (result.outcome === 'in-doubt' && inDoubt === 'leave') return { state: 'uncertain', pauseMs: 0 };
  if (attempts >= maxAttempts) return { state: 'dead', pauseMs: 0 };
  return { state: 'retrying', pauseMs: result.retryAfterMs ?? backoffMs(attempts, random) };
}
