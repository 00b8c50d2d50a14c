import { type ObjectiveBody, timestamp, timestampOrNull, type WallFigure, type WallTile } from '@beacontower/contracts';
import { type Database, readBudget, readFigure, type Scope } from '@beacontower/database';
import { burnRate, verdictOf } from '@beacontower/domain';

/** What a wall shows of objectives. */
export interface WallFigures {
  readonly figures: readonly WallFigure[];
  /** Of the tiles, by division. */
  readonly tiles: ReadonlyMap<string, NonNullable<WallTile['availability']>>;
  /** Epoch ms. */
  readonly at: number;
}

export interface FiguresQuestion {
  readonly objectives: readonly ObjectiveBody[];
  /** What the tiles are the provinces of. */
  readonly division: string;
  readonly scope: Scope;
  readonly now: number;
}

const PUBLISHED = ['backbone', 'internet-exit', 'user-access'];

/** The objectives in the order of a wall: of each published class one of the whole node, then all others by id. */
export function inOrder(objectives: readonly ObjectiveBody[], division: string): ObjectiveBody[] {
  const sorted = [...objectives].sort((a, b) => (a.id < b.id ? -1 : 1));
  const first = PUBLISHED.flatMap(
    (name) =>
      sorted.find((each) => each.class === name && each.division === division && each.objects === null && each.where === null) ?? [],
  );
  return [...first, ...sorted.filter((each) => !first.includes(each))];
}

/** Reads all of them, one after the other: they are dear, and nobody waits for them. */
export async function readWallFigures(db: Database, { objectives, division, scope, now }: FiguresQuestion): Promise<WallFigures> {
  const ordered = inOrder(objectives, division);
  const figures: WallFigure[] = [];
  for (const objective of ordered) figures.push(await readOne(db, objective, scope, now));
  const [shown] = ordered;
  return { figures, tiles: shown === undefined ? new Map() : await readTiles(db, shown, figures[0], { division, scope, now }), at: now };
}

async function readOne(db: Database, objective: ObjectiveBody, scope: Scope, now: number): Promise<WallFigure> {
  const { period, figure, budget, forecast } = await readBudget(db, { objective, at: now, now, scope });
  const { availability, lowest, highest, completeness } = figure.whole[objective.basis];
  return {
    objective: objective.id,
    name: objective.name,
    nameEn: objective.nameEn,
    class: objective.class,
    label: period.label,
    from: timestamp(period.from),
    to: timestamp(period.to),
    asOf: timestamp(figure.asOf),
    target: objective.target,
    availability,
    lowest,
    highest,
    completeness,
    verdict: verdictOf(objective.target, { lowest, highest }),
    resolutionMs: figure.whole.resolutionMs,
    budgetMs: Math.round(budget.budgetMs),
    leftMs: Math.round(budget.leftMs),
    leftFraction: budget.leftFraction,
    burnRate: burnRate(objective.target, { availability, completeness }),
    exhaustedAt: timestampOrNull(forecast.exhaustedAt),
  };
}

/** The same figure by the divisions of the tiles, for the same period. */
async function readTiles(
  db: Database,
  objective: ObjectiveBody,
  whole: WallFigure | undefined,
  { division, scope, now }: Omit<FiguresQuestion, 'objectives'>,
): Promise<WallFigures['tiles']> {
  const depth = levelsOf(division) + 1 - levelsOf(objective.division);
  if (whole === undefined || depth < 1) return new Map();
  const period = { from: Date.parse(whole.from), to: Math.min(Date.parse(whole.to), now) };
  const { groups } = await readFigure(db, { objective, ...period, groupBy: 'division', depth, scope, now });
  const tiles = new Map<string, NonNullable<WallTile['availability']>>();
  for (const group of groups) {
    if (group.key === null) continue;
    const { availability: value, lowest, highest } = group[objective.basis];
    const { id, target } = objective;
    tiles.set(group.key, { value, lowest, highest, target, verdict: verdictOf(target, { lowest, highest }), objective: id });
  }
  return tiles;
}

const levelsOf = (division: string) => (division === '' ? 0 : division.split('.').length);
