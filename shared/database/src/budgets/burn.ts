import type { ObjectiveBody } from '@beacontower/contracts';
import { burnRate } from '@beacontower/domain';
import { readFigure } from '../figures/index.ts';
import type { Queryable } from '../pool.ts';
import type { Scope } from '../queries/conditions.ts';

/** How fast an objective burned over one window. */
export interface Burn {
  /** Null when nothing was observed. */
  readonly rate: number | null;
  readonly resolutionMs: number;
}

/** Reads the burn rates of one objective at one moment, each window once. */
export class BurnReader {
  readonly #db: Queryable;
  readonly #objective: ObjectiveBody;
  readonly #options: { readonly at: number; readonly now: number; readonly scope: Scope };
  readonly #read = new Map<number, Promise<Burn>>();

  /** `at`: where the windows end, epoch ms; `now`: what has been judged by now is counted. */
  constructor(db: Queryable, objective: ObjectiveBody, options: { readonly at: number; readonly now: number; readonly scope: Scope }) {
    this.#db = db;
    this.#objective = objective;
    this.#options = options;
  }

  /** Over the last `windowMs`. Time outside the calendar burns nothing and does not count. */
  over(windowMs: number): Promise<Burn> {
    const known = this.#read.get(windowMs);
    if (known) return known;
    const reading = this.#over(windowMs);
    this.#read.set(windowMs, reading);
    return reading;
  }

  async #over(windowMs: number): Promise<Burn> {
    const { at, now, scope } = this.#options;
    const objective = this.#objective;
    const { whole } = await readFigure(this.#db, { objective, from: at - windowMs, to: at, scope, now });
    return { rate: burnRate(objective.target, whole[objective.basis]), resolutionMs: whole.resolutionMs };
  }
}
