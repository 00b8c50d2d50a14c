import { HandedIncident, type HandOver, type HandOverStanding } from '@beacontower/contracts';
import { insertIncidentEvents } from '../incidents/incidents.ts';
import { resumeTimers } from '../notices/notices.ts';
import type { Queryable } from '../pool.ts';
import type { ItemContext } from './apply-items.ts';

/**
 * Brings what was offered here to how it stands at the tier above, in the caller's transaction. Null: above there is no hand-over to this node (a back-up may have
 * been restored there). Whether it was taken back is that tier's word, also where somebody here has accepted it meanwhile: else both would think that the other has it.
 */
export async function applyStanding(tx: Queryable, id: string, standing: HandOverStanding | null, context: ItemContext): Promise<void> {
  const { rows } = await tx.query<{ handed: unknown }>('SELECT handed FROM incidents WHERE id = $1::uuid FOR NO KEY UPDATE', [id]);
  const handed = HandedIncident.parse(rows[0]?.handed ?? {});
  const { from } = handed;
  if (from === null || (standing !== null && standing.number !== from.number)) return;
  if (standing === null || standing.state === 'withdrawn') {
    if (from.state !== 'offered' && from.state !== 'accepted') return;
    await withdraw(tx, id, { ...handed, from: { ...from, ...answerOf(standing), state: 'withdrawn' } }, context.now);
    if (standing === null) await sayWithdrawn(tx, id, context);
  } else if (from.state === 'offered' && standing.state !== 'offered') {
    await saveHanded(tx, id, { ...handed, from: { ...from, ...answerOf(standing), state: standing.state } });
  }
}

const answerOf = (standing: HandOverStanding | null): Pick<HandOver, 'answeredAt' | 'answeredBy' | 'answer'> => {
  return { answeredAt: standing?.at ?? null, answeredBy: standing?.by ?? null, answer: standing?.note ?? null };
};

// This tier is only told of it from now on, unless a node below asked for it as well; then nothing can be merged with it.
async function withdraw(tx: Queryable, id: string, handed: HandedIncident, now: number): Promise<void> {
  const { rows } = await tx.query<{ taken: boolean }>(
    `UPDATE incidents n SET taken = home IS NULL OR asked IS NOT NULL, handed = $2, revision = revision + 1,
       pending_owner = CASE WHEN home IS NULL OR asked IS NOT NULL THEN pending_owner END,
       state = CASE WHEN home IS NULL OR asked IS NOT NULL THEN state
         ELSE coalesce((SELECT t.body ->> 'state' FROM incident_tiers t WHERE t.incident_id = n.id AND t.node = n.home), state) END,
       merged_into = CASE WHEN home IS NULL OR asked IS NOT NULL THEN merged_into END
     WHERE id = $1::uuid RETURNING taken`,
    [id, JSON.stringify(handed)],
  );
  if (rows[0]?.taken !== false) return;
  const parted = await tx.query<{ id: string }>(
    'UPDATE incidents SET merged_into = NULL, revision = revision + 1 WHERE merged_into = $1::uuid RETURNING id',
    [id],
  );
  for (const { id: other } of parted.rows) {
    await insertIncidentEvents(tx, [{ incident: other, at: now, kind: 'unmerged', actor: 'system', detail: { incident: id } }]);
    await resumeTimers(tx, other, now);
  }
}

function saveHanded(tx: Queryable, id: string, handed: HandedIncident): Promise<unknown> {
  return tx.query('UPDATE incidents SET handed = $2, revision = revision + 1 WHERE id = $1::uuid', [id, JSON.stringify(handed)]);
}

// Taken back by a person there, that one's own line of the timeline says it.
function sayWithdrawn(tx: Queryable, incident: string, { own, parent, now }: ItemContext): Promise<void> {
  return insertIncidentEvents(tx, [
    { incident, at: now, kind: 'hand-over-withdrawn', actor: 'system', detail: { node: own, from: parent, reason: 'not-known-above' } },
  ]);
}
