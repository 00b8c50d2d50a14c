import { check, type Outcome, type Spoil } from './check.ts';
import { drawNetwork } from './network.ts';
import { observe } from './observe.ts';

/** Draws one network, watches it, and holds the record against the truth. */
export async function simulate(seed: number, spoil?: Spoil): Promise<Outcome> {
  const network = drawNetwork(seed);
  return check(network, await observe(network), spoil);
}

/** What many networks come to. */
export interface Summary {
  readonly networks: number;
  readonly objects: number;
  readonly violations: readonly string[];
  readonly edges: number;
  /** Mean signed error of an edge, in polling intervals; of beginnings and of ends of outages. */
  readonly beginBias: number;
  readonly endBias: number;
  /** What the error of both comes to in downtime, in polling intervals an edge. */
  readonly downtimeBias: number;
  /** Width of the bounds of all objects against what edges and gaps explain. */
  readonly widthRatio: number;
}

export function summarize(outcomes: readonly Outcome[]): Summary {
  const begins = outcomes.flatMap((outcome) => outcome.beginErrors);
  const ends = outcomes.flatMap((outcome) => outcome.endErrors);
  const widths = outcomes.flatMap((outcome) => outcome.widths);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const mean = (values: readonly number[]) => (values.length === 0 ? 0 : sum(values) / values.length);
  return {
    networks: outcomes.length,
    objects: sum(outcomes.map((outcome) => outcome.objects)),
    violations: outcomes.flatMap(({ seed, violations }) => violations.map((violation) => `seed ${seed}: ${violation}`)),
    edges: begins.length + ends.length,
    beginBias: mean(begins),
    endBias: mean(ends),
    downtimeBias: (sum(ends) - sum(begins)) / Math.max(1, begins.length + ends.length),
    widthRatio: sum(widths.map(({ widthMs }) => widthMs)) / Math.max(1, sum(widths.map(({ explainedMs }) => explainedMs))),
  };
}
