/** Closed periods as the API tells them. A caller who does not cover the whole objective is told of his part alone. */
import { type ClosedPeriod, type ClosedPeriodSummary, FigureFold, timestamp } from '@beacontower/contracts';
import { type ClosedFigure, type Database, type ListedFigure, readClosedMembers, type Scope, scopeCovers } from '@beacontower/database';

const MEMBERS_AT_ONCE = 5_000;

type Head = Omit<ListedFigure, 'whole' | 'membersChanged' | 'evidence'>;

function headOf(figure: Head) {
  return {
    id: figure.id,
    objective: figure.objective,
    division: figure.division,
    from: timestamp(figure.from),
    to: timestamp(figure.to),
    version: figure.version,
    knownUntil: timestamp(figure.knownUntil),
    closedAt: timestamp(figure.closedAt),
    closedBy: figure.closedBy,
    reason: figure.reason,
  };
}

export function describeListed(figure: ListedFigure, scope: Scope): ClosedPeriodSummary {
  const whole = scopeCovers(scope, figure.division) ? figure.whole : null;
  return { ...headOf(figure), membersChanged: figure.membersChanged, whole };
}

export async function describeClosed(database: Database, figure: ClosedFigure, scope: Scope): Promise<ClosedPeriod> {
  const { body } = figure;
  const isWhole = scopeCovers(scope, figure.division);
  const part = isWhole ? undefined : await partWithin(database, figure, scope);
  return {
    ...headOf(figure),
    unjudged: body.unjudged,
    definition: part === undefined ? body.objective : { ...body.objective, objects: shownOf(body.objective.objects, part.members) },
    calendar: body.calendar.map(({ from, to, body: calendar }) => ({ from: timestamp(from), to: timestamp(to), calendar })),
    figures: part === undefined ? body.figures : part.figures,
    changes: isWhole ? body.changes : null,
    evidence: body.evidence,
  };
}

/** Which of the objects that a definition names the caller may know of: those that were members of his part. */
function shownOf(objects: readonly string[] | null, members: ReadonlySet<string>): string[] | null {
  return objects?.filter((id) => members.has(id)) ?? null;
}

interface PartWithin {
  readonly figures: ClosedPeriod['figures'];
  readonly members: ReadonlySet<string>;
}

/** The figures of the frozen members inside the scope, from their frozen accounts, and who these members are. */
async function partWithin(database: Database, figure: ClosedFigure, scope: Scope): Promise<PartWithin> {
  const fold = new FigureFold(figure.body.objective);
  const ids = new Set<string>();
  for (let after: string | undefined; ; ) {
    const members = await readClosedMembers(database, figure.id, { scope, after, limit: MEMBERS_AT_ONCE });
    for (const member of members) {
      fold.add(member, member);
      ids.add(member.id);
    }
    if (members.length < MEMBERS_AT_ONCE) return { figures: fold.figures(), members: ids };
    after = members.at(-1)?.id;
  }
}
