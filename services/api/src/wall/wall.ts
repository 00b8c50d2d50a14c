import { timestamp, timestampOrNull, type Wall } from '@beacontower/contracts';
import {
  activeMaintenance,
  lastSequence,
  NO_DIVISION,
  objectDivisions,
  readBackbone,
  readBelieved,
  readDivisionLinks,
  readIncidentSummaries,
  readIncidentsUnderWay,
  type Scope,
  scopeTouches,
  tallyObjects,
} from '@beacontower/database';
import type { RouteContext } from '../context.ts';
import { readSelf } from '../self.ts';
import { latestTraffic } from '../traffic.ts';
import { describeCircuits } from './circuits.ts';
import { readWallFigures, type WallFigures } from './figures.ts';
import { freshnessOf } from './freshness.ts';
import { type Ground, GroundReader } from './ground.ts';
import { KeptByScope } from './kept.ts';
import { type Paced, paced } from './pace.ts';
import { PackedJson } from './packed.ts';
import { allOf, countSeverities, countsOf, mergeDivisions, tileDivisions, tileOf, tileOfDivision, worstOf } from './tiles.ts';

/** What was just read is good for all who ask at once; what took long to make, for longer: in a storm everybody asks all the time. */
const FRESH_MS = 250;
const FRESH_AT_MOST_MS = 1_000;
const FRESH_TIMES = 3;
/** While nothing happens it is good a little longer: traffic and the age of what is known go on all the same. */
const QUIET_MS = 2_000;
const FIGURES_PAUSE_MS = 15_000;
/** A first wall is shown without figures rather than late. */
const FIGURES_WAIT_MS = 300;
const TRAFFIC_MS = 700;
const MOST_CIRCUITS = 2_000;
const MOST_INCIDENTS = 50;
/** Scopes whose walls are kept. */
const MOST_SCOPES = 64;

/** A wall as it is sent. */
export interface MadeWall {
  readonly sequence: number;
  readonly json: PackedJson;
}

/** What is kept for all callers who see the same. */
interface Kept {
  wall: MadeWall | undefined;
  /** Monotonic ms at which it was begun, and how long it took. */
  readAt: number;
  tookMs: number;
  reading: Promise<MadeWall> | undefined;
  readonly figures: Paced<WallFigures>;
}

/** Makes walls: one a scope, however many ask. */
export class WallReader {
  readonly #context: RouteContext;
  readonly #ground: GroundReader;
  readonly #kept = new KeptByScope<Kept>(MOST_SCOPES, (scope) => this.#begin(scope));

  constructor(context: RouteContext) {
    this.#context = context;
    this.#ground = new GroundReader(context.database);
  }

  async read(scope: Scope): Promise<MadeWall> {
    const { clock, database } = this.#context;
    const kept = this.#kept.of(scope);
    const age = clock.monotonic() - kept.readAt;
    if (kept.wall !== undefined && age - kept.tookMs < freshFor(kept.tookMs)) return kept.wall;
    if (kept.wall !== undefined && age < QUIET_MS && kept.wall.sequence === (await lastSequence(database))) return kept.wall;
    kept.reading ??= this.#make(scope, kept).finally(() => {
      kept.reading = undefined;
    });
    return kept.reading;
  }

  #begin(scope: Scope): Kept {
    const { clock, database, logger } = this.#context;
    const make = async () => {
      const { node, objectives } = await this.#ground.read();
      const own = objectives.filter(({ division }) => scopeTouches(scope, division));
      return readWallFigures(database, { objectives: own, division: node?.division ?? '', scope, now: clock.now() });
    };
    const onError = (error: unknown) => logger.warn({ err: error }, 'the figures of a wall could not be computed');
    const figures = paced({ make, clock: () => clock.monotonic(), pauseMs: FIGURES_PAUSE_MS, onError });
    return { wall: undefined, readAt: Number.NEGATIVE_INFINITY, tookMs: 0, reading: undefined, figures };
  }

  async #make(scope: Scope, kept: Kept): Promise<MadeWall> {
    const readAt = this.#context.clock.monotonic();
    const wall = await this.#read(scope, await this.#ground.read(), kept.figures);
    kept.wall = { sequence: wall.sequence, json: new PackedJson(JSON.stringify(wall)) };
    kept.readAt = readAt;
    kept.tookMs = this.#context.clock.monotonic() - readAt;
    return kept.wall;
  }

  async #read(scope: Scope, ground: Ground, paced: Paced<WallFigures>): Promise<Wall> {
    const { database, clock, objects: known } = this.#context;
    const now = clock.now();
    const figures = paced.within(FIGURES_WAIT_MS);
    // Before what it is about: what came meanwhile may be in it, what came before is.
    const sequence = await lastSequence(database);
    const objects = await known.read();
    const believed = await readBelieved(database, known.resolutions, now);
    const division = ground.node?.division ?? '';
    const shown = tileDivisions(ground.divisions, division).filter(({ id }) => scopeTouches(scope, id));
    const tallies = tallyObjects(objects, { scope, believed, groupOf: tileOfDivision(shown) });
    const [circuits, underWay, maintenance, self, links] = await Promise.all([
      readBackbone(database, objects, scope, believed, MOST_CIRCUITS),
      readIncidentsUnderWay(database, scope),
      activeMaintenance(database, now),
      readSelf(this.#context),
      readDivisionLinks(database, scope),
    ]);
    const own = underWay.filter(({ merged }) => !merged);
    const first = own.slice(0, MOST_INCIDENTS).map(({ id }) => id);
    const named = maintenance.flatMap(({ objects }) => objects);
    const [summaries, traffic, worked] = await Promise.all([
      readIncidentSummaries(database, [...new Set([...first, ...worstOf(shown, underWay)])]),
      latestTraffic(
        this.#context,
        circuits.flatMap(({ ends }) => ends),
        TRAFFIC_MS,
      ),
      objectDivisions(database, named, scope),
    ]);
    const computed = await figures;
    const facts = {
      tallies,
      underWay,
      summaries,
      maintained: [...maintenance.flatMap(({ divisions }) => divisions), ...worked.values()],
      availability: computed?.tiles ?? new Map(),
      links,
    };
    return {
      at: timestamp(now),
      sequence,
      division,
      tiles: shown.map((each) => tileOf(each, facts)),
      figures: [...(computed?.figures ?? [])],
      figuresAt: timestampOrNull(computed?.at ?? null),
      circuits: describeCircuits(circuits, traffic, maintenance),
      counts: countsOf(allOf([...tallies.values()].reduce(mergeDivisions, NO_DIVISION))),
      incidents: {
        bySeverity: countSeverities(own),
        unacknowledged: own.filter(({ acknowledged, taken }) => taken && !acknowledged).length,
        first: first.flatMap((id) => summaries.get(id) ?? []),
      },
      freshness: freshnessOf(self, believed.judgedUpTo),
    };
  }
}

function freshFor(tookMs: number): number {
  return Math.min(FRESH_AT_MOST_MS, Math.max(FRESH_MS, FRESH_TIMES * tookMs));
}
