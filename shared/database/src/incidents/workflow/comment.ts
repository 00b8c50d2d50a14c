import type { Database } from '../../pool.ts';
import { type Act, perform } from './perform.ts';

/** Adds a line to the timeline; also of an incident that is closed. */
export function commentIncident(db: Database, act: Act, text: string): Promise<number> {
  return perform(db, act, 'incident.comment', () => ({ change: 'commented', set: {}, detail: { text } }));
}
