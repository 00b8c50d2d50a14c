/** What a node below says anew of a stretch of the past. */
import type { RevisionPayload, TransitionPayload } from '@beacontower/contracts';
import { reviseTransitions } from '../record/revise.ts';
import type { ApplyContext } from './apply-context.ts';
import { appendTransitions } from './apply-transitions.ts';
import { revisionKept } from './told.ts';

/**
 * Takes revisions in, in their order. Those that come after all that is known of their subject take nothing's place: the whole history
 * of a node that reports for the first time is written at once.
 */
export async function applyRevisions({ tx, held, mode, now }: ApplyContext, told: readonly RevisionPayload[]): Promise<void> {
  const last = await readLastOf(tx, told);
  let fresh: TransitionPayload[] = [];
  const write = async () => {
    await appendTransitions(tx, fresh, mode === 'live' ? 'brought' : 'left', now);
    fresh = [];
  };
  for (const revision of told) {
    const subject = revision.check ?? revision.object;
    const { object, check, resolutionMs, transitions } = revision;
    const lastAt = last.get(subject);
    if (lastAt === undefined || lastAt < revision.from) {
      fresh.push(...transitions.map((each) => ({ object, check, resolutionMs, ...each })));
      const end = transitions.at(-1);
      if (end !== undefined) last.set(subject, end.at);
      continue;
    }
    await write();
    await reviseTransitions(tx, [await revisionKept(tx, revision, { mode, keptUntil: held.keptUntil })], now);
    last.set(subject, Math.max(lastAt, transitions.at(-1)?.at ?? lastAt));
  }
  await write();
}

async function readLastOf(tx: ApplyContext['tx'], told: readonly RevisionPayload[]): Promise<Map<string, number>> {
  const subjects = [...new Set(told.map(({ check, object }) => check ?? object))];
  const { rows } = await tx.query<{ subject: string; at: number }>(
    `SELECT s.subject, t.at FROM unnest($1::text[]) AS s (subject), LATERAL (
       SELECT at FROM transitions WHERE transitions.subject = s.subject AND superseded_at IS NULL ORDER BY at DESC LIMIT 1) AS t`,
    [subjects],
  );
  return new Map(rows.map(({ subject, at }) => [subject, at]));
}
