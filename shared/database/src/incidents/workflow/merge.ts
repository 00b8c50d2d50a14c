/** Merging is of the work, not of the record: each incident keeps its cause, its members and its end; people act on one of them. */
import type { TimelineKind } from '@beacontower/contracts';
import { insertNotices, resumeTimers } from '../../notices/notices.ts';
import type { Database, Queryable } from '../../pool.ts';
import { insertIncidentEvents } from '../incidents.ts';
import { acknowledgement } from './acknowledge.ts';
import { WorkflowFault } from './fault.ts';
import { type Act, type ActedOn, type Change, perform } from './perform.ts';
import { refuseClosed, refuseMerged, refuseOffered, refuseUntaken, withNote } from './rules.ts';

/**
 * Merges the incident into another: it is acknowledged and closed with that one, and nothing more is sent about it but its end. What was
 * merged into it goes along. Those who were told of it are told.
 */
export function mergeIncident(db: Database, act: Act, into: string, note?: string): Promise<number> {
  return perform(
    db,
    act,
    'incident.merge',
    async (incident, { tx, merged, named }) => {
      const other = named.get(into);
      if (!other) throw new WorkflowFault('incident-unknown', 'there is no such incident to merge into');
      if (incident.mergedInto === other.id) return null;
      refuseMerge(incident, other);
      const change = (one: ActedOn): Change => ({
        change: 'merged',
        set: { merged_into: other.id, pending_owner: null, ...(other.acknowledgedAt === null ? {} : acknowledgement(one, act)) },
        detail: { into: other.number, incident: other.id, ...withNote(note) },
        log: { other: other.id },
      });
      const moved = [incident, ...merged];
      const notices = moved.map((one) => {
        const occasion = `${other.number} ${one.revision + 1}`;
        return { incident: one.id, step: 'merged' as const, occasion, body: { into: other.number }, decidedAt: act.now, dueAt: act.now };
      });
      await insertNotices(tx, notices, act.now);
      await say(tx, act, other.id, 'merged-from', moved);
      return { ...change(incident), also: merged.map((one) => ({ incident: one, change: change(one) })) };
    },
    [into],
  );
}

function refuseMerge(incident: ActedOn, other: ActedOn): void {
  refuseUntaken(incident);
  refuseUntaken(other);
  refuseOffered(incident);
  refuseOffered(other);
  if (other.id === incident.id) throw new WorkflowFault('cannot-merge', 'an incident cannot be merged into itself');
  refuseClosed(incident);
  refuseMerged(incident);
  if (other.state === 'closed') throw new WorkflowFault('cannot-merge', `#${other.number} is closed: reopen it first`);
  if (other.mergedInto !== null) {
    throw new WorkflowFault('cannot-merge', `#${other.number} was itself merged into another: merge into that one`);
  }
}

/** Takes an incident out of the one it was merged into: what was withheld because of that is let go, and it is worked on by itself again: repeats, escalations and clocks go on. */
export function unmergeIncident(db: Database, act: Act, note?: string): Promise<number> {
  return perform(db, act, 'incident.unmerge', async (incident, { tx }) => {
    const { mergedInto } = incident;
    if (mergedInto === null) throw new WorkflowFault('not-merged', 'the incident is not merged into another');
    refuseClosed(incident);
    await say(tx, act, mergedInto, 'unmerged-from', [incident]);
    await resumeTimers(tx, incident.id, act.now);
    const detail = { incident: mergedInto, ...withNote(note) };
    return { change: 'unmerged', set: { merged_into: null }, detail, log: { other: mergedInto } };
  });
}

/** A line for each in the timeline of the one they were merged into. */
function say(tx: Queryable, { actor, now }: Act, incident: string, kind: TimelineKind, others: readonly ActedOn[]): Promise<void> {
  return insertIncidentEvents(
    tx,
    others.map((other) => ({ incident, at: now, kind, actor, detail: { number: other.number, incident: other.id } })),
  );
}
