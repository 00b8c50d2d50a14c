/** What was said once, as it is said again: of the time after it was said first, it says nothing. */
import type { RevisionPayload } from '@beacontower/contracts';
import type { Said } from '../protocol/chain.ts';

/** A line of the log before this one, in whatever place it is said anew. */
export function saidBefore(line: string): Said {
  const { kind, eventAt, recordedAt, payload } = JSON.parse(line);
  const said = { kind, eventAt, recordedAt, payload } as Said;
  return said.kind === 'revision' ? { ...said, payload: until(said.payload, recordedAt) } : said;
}

/**
 * The history of a subject as far as it is known: a revision without an end would take away what was told since by a log that was lost here with
 * what it told of.
 */
export function until(revision: RevisionPayload, known: number): RevisionPayload {
  if (revision.to !== null) return revision;
  return { ...revision, to: Math.max(known, revision.from, revision.transitions.at(-1)?.at ?? 0) + 1 };
}
