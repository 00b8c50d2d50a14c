import type { IncidentFactsPayload, IncidentLine, IncidentMember, IncidentPayload, TierView } from '@beacontower/contracts';
import type { z } from 'zod';

/** All that a batch tells of one incident: as it was last told, with everything that was new of it. */
export interface ToldOf {
  readonly facts: z.infer<typeof IncidentFactsPayload>;
  readonly tiers: ReadonlyMap<string, TierView>;
  readonly escalated: IncidentPayload['escalated'];
  readonly lines: readonly IncidentLine[];
  readonly members: readonly IncidentMember[];
}

interface Folded {
  readonly lines: IncidentLine[];
  readonly members: Map<string, IncidentMember>;
  last: IncidentPayload;
}

/** What several tellings come to, by incident: a backlog of a day is taken in as one. */
export function foldIncidents(payloads: readonly IncidentPayload[]): Map<string, ToldOf> {
  const folded = new Map<string, Folded>();
  for (const payload of payloads) {
    const { id, members } = payload.incident;
    const known: Folded = folded.get(id) ?? { lines: [], members: new Map(), last: payload };
    known.last = payload;
    known.lines.push(...payload.lines);
    for (const member of members.changes ?? membersNamed(payload)) known.members.set(`${member.object} ${member.joinedAt}`, member);
    folded.set(id, known);
  }
  return new Map(
    [...folded].map(([id, { lines, members, last }]) => [
      id,
      {
        facts: last.incident,
        tiers: new Map(last.tiers.map((tier) => [tier.node, tier])),
        escalated: last.escalated,
        lines,
        members: [...members.values()],
      },
    ]),
  );
}

// A system that keeps no comings and goings names whom it knows of: they were in it from its beginning to its end.
function membersNamed({ incident: { cause, openedAt, resolvedAt, members } }: IncidentPayload): IncidentMember[] {
  return members.first.map((object) => ({
    object,
    role: object === cause ? ('cause' as const) : ('symptom' as const),
    joinedAt: openedAt,
    leftAt: resolvedAt === null ? null : Math.max(openedAt, resolvedAt),
  }));
}
