/** One figure of the benchmark file. `peer` names what was measured beside it (the best of the field), `peerValue` its figure. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
}

/** A module of the benchmark: gives its figures, or rejects when it could not take them. */
export type Benchmark = () => Promise<readonly Measurement[]>;

/** The value below which the fraction `p` of the samples lies (nearest rank: the p99 of 50 is the largest). NaN when empty. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** One line of text for a person. */
export function line({ name, value, unit, peer, peerValue }: Measurement): string {
  const figure = `${name.padEnd(44)} ${value.toLocaleString('en', { maximumFractionDigits: 2 }).padStart(12)} ${unit}`;
  return peer === null ? figure : `${figure.padEnd(72)} (${peer}: ${peerValue?.toLocaleString('en') ?? '–'})`;
}
