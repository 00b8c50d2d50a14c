import { check, type EdgeError, type Outcome, type Spoil } from './check.ts';
import { drawNetwork } from './network.ts';
import { observe } from './observe.ts';

/** Draws one network, watches it, and holds the record against the truth. */
export async function simulate(seed: number, spoil?: Spoil): Promise<Outcome> {
  const network = drawNetwork(seed);
  return check(network, await observe(network), spoil);
}

/** Polling intervals by how long they are, each from and to, ms: what is nothing at one a minute is a third of one a second. */
const CLASSES = { '1–2 s': [0, 2_000], '5–15 s': [2_001, 15_000], '30–60 s': [15_001, Number.POSITIVE_INFINITY] } as const;

/** How many edges could be told whose they are, and the mean signed error of their estimate, in polling intervals. */
export interface Bias {
  readonly edges: number;
  /** Of beginnings and of ends of outages. */
  readonly begin: number;
  readonly end: number;
  /** What the error of both comes to in downtime, an edge. */
  readonly downtime: number;
}

/** What many networks come to. */
export interface Summary {
  readonly networks: number;
  readonly objects: number;
  readonly violations: readonly string[];
  readonly bias: Bias;
  readonly biasByInterval: Readonly<Record<keyof typeof CLASSES, Bias>>;
  /** Width of the bounds of all objects against what edges and gaps explain. */
  readonly widthRatio: number;
}

export function summarize(outcomes: readonly Outcome[]): Summary {
  const edges = outcomes.flatMap((outcome) => outcome.edges);
  const widths = outcomes.flatMap((outcome) => outcome.widths);
  const ofClass = (name: keyof typeof CLASSES) =>
    biasOf(edges.filter(({ intervalMs }) => intervalMs >= CLASSES[name][0] && intervalMs <= CLASSES[name][1]));
  return {
    networks: outcomes.length,
    objects: sum(outcomes.map((outcome) => outcome.objects)),
    violations: outcomes.flatMap(({ seed, violations }) => violations.map((violation) => `seed ${seed}: ${violation}`)),
    bias: biasOf(edges),
    biasByInterval: { '1–2 s': ofClass('1–2 s'), '5–15 s': ofClass('5–15 s'), '30–60 s': ofClass('30–60 s') },
    widthRatio: sum(widths.map(({ widthMs }) => widthMs)) / Math.max(1, sum(widths.map(({ explainedMs }) => explainedMs))),
  };
}

function biasOf(edges: readonly EdgeError[]): Bias {
  const errorsOf = (wanted: EdgeError['kind']) => edges.filter(({ kind }) => kind === wanted).map(({ error }) => error);
  const [begins, ends] = [errorsOf('begin'), errorsOf('end')];
  return {
    edges: edges.length,
    begin: sum(begins) / Math.max(1, begins.length),
    end: sum(ends) / Math.max(1, ends.length),
    downtime: (sum(ends) - sum(begins)) / Math.max(1, edges.length),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
