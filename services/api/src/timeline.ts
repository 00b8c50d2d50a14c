import { type TimelineSegment, timestamp } from '@beacontower/contracts';
import type { IncidentSpan } from '@beacontower/database';
import type { Segment } from '@beacontower/domain';

/**
 * Segments as they are answered: neighbours that nothing tells apart are one, and a down stretch names the cause and the party
 * of the incident it lies in most.
 */
export function describeSegments(
  segments: readonly Segment[],
  incidents: readonly IncidentSpan[],
  ownParty: string | null,
): TimelineSegment[] {
  return joinAlike(segments).map((segment) => {
    const incident = segment.state === 'down' ? longestShare(segment, incidents) : undefined;
    return {
      from: timestamp(segment.from),
      to: timestamp(segment.to),
      state: segment.state,
      reason: segment.reason,
      excluded: segment.excluded,
      edgeUncertaintyMs: segment.uncertaintyMs,
      cause: incident?.cause ?? null,
      party: segment.state === 'down' ? (incident ? incident.party : ownParty) : null,
    };
  });
}

function joinAlike(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    if (last && isAlike(last, segment)) result[result.length - 1] = { ...last, to: segment.to };
    else result.push(segment);
  }
  return result;
}

// Why nobody knows is news; by which look a state was found again is not.
function isAlike(a: Segment, b: Segment): boolean {
  return a.to === b.from && a.state === b.state && a.excluded === b.excluded && (a.state !== 'unknown' || a.reason === b.reason);
}

function longestShare(segment: Segment, incidents: readonly IncidentSpan[]): IncidentSpan | undefined {
  let best: IncidentSpan | undefined;
  let most = 0;
  for (const incident of incidents) {
    const share = Math.min(segment.to, incident.to ?? segment.to) - Math.max(segment.from, incident.from);
    if (share > most) [best, most] = [incident, share];
  }
  return best;
}
