/** What cases for a sender have in common: to wait for what it does, and to have it send lines again. */
import { Refusal } from '../../protocol/refusal.ts';
import { Unmet } from '../case.ts';
import type { Heard, PlayedCentre } from './played-centre.ts';

export interface SenderContext {
  readonly centre: PlayedCentre;
  /** How long anything is waited for. A sender may leave a minute between attempts. */
  readonly limitMs: number;
  /** How long a sender is watched for what it shall not do. */
  readonly patienceMs: number;
}

const LOOK_MS = 50;

export async function until({ limitMs }: SenderContext, holds: () => boolean, what: string): Promise<void> {
  const steps = Math.ceil(limitMs / LOOK_MS);
  for (let step = 0; step < steps; step += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Unmet(`waited ${limitMs / 1_000} s for ${what}`);
}

/** Messages of one call since a moment, in their order. */
export function calls(centre: PlayedCentre, call: string, since: number): Heard[] {
  return centre.heard.filter((heard) => heard.call === call && heard.at >= since);
}

/** Waits until the log has come to the end that the sender names in a snapshot or in a hello. */
export function caughtUp(context: SenderContext): Promise<void> {
  const { record, hellos } = context.centre;
  return until(
    context,
    () => {
      const last = hellos.at(-1);
      const { sequence } = record.end;
      return sequence > 0 && last?.incarnation === record.incarnation && sequence >= (last?.log.last ?? 0);
    },
    'the end of its log',
  );
}

/** The centre forgets all but the first line, or all but the last few, and asks for a hello: the sender has lines to send again. */
export async function provoke(context: SenderContext, lines = Number.POSITIVE_INFINITY): Promise<void> {
  await caughtUp(context);
  const { centre } = context;
  const { record } = centre;
  const greeted = centre.hellos.length;
  record.rewind(Math.max(1, record.end.sequence - lines));
  centre.intercept = ({ call }) =>
    call === 'PUT /snapshot' || call === 'POST /log' ? new Refusal('hello-needed', 'the test was restored') : null;
  await until(context, () => centre.hellos.length > greeted, 'a hello');
  centre.intercept = () => null;
}
