import { type TimelineSegment, timestamp } from '@beacontower/contracts';
import type { IncidentSpan } from '@beacontower/database';
import type { Segment } from '@beacontower/domain';

/** Segments as they are answered: a down stretch names the cause and the party of the incident it lies in most. */
export function describeSegments(
  segments: readonly Segment[],
  incidents: readonly IncidentSpan[],
  ownParty: string | null,
): TimelineSegment[] {
  return segments.map((segment) => {
    const incident = segment.state === 'down' ? longestShare(segment, incidents) : undefined;
    return {
      from: timestamp(segment.from),
      to: timestamp(segment.to),
      state: segment.state,
      excluded: segment.excluded,
      edgeUncertaintyMs: segment.uncertaintyMs,
      cause: incident?.cause ?? null,
      party: segment.state === 'down' ? (incident ? incident.party : ownParty) : null,
    };
  });
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
