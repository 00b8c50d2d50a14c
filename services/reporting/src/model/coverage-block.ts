import type { Bilingual } from './model.ts';

/** How far the network reaches (覆盖率) at the end of the period, and how much further than at its beginning. */
export interface CoverageBlock {
  /** The moment it is of, epoch ms. */
  readonly at: number;
  /** Which list of divisions it is held against: its name and date. */
  readonly list: Bilingual;
  /** By level: provinces, cities, counties. */
  readonly levels: readonly CoverageLevel[];
  /** Things connected, and how many more than in the period before. */
  readonly counts: readonly CoverageCount[];
}

/** Divisions of one level that are connected. Fractions are not rounded; null where the level has none. */
export interface CoverageLevel {
  readonly level: 'province' | 'city' | 'county';
  readonly connected: number;
  readonly total: number;
  readonly fraction: number | null;
  /** The same with the Xinjiang Production and Construction Corps counted in; null where the list has none of this level. */
  readonly withCorps: { readonly connected: number; readonly total: number; readonly fraction: number | null } | null;
  /** Connected at the end of the period before; null when that is not known. */
  readonly previousConnected: number | null;
}

export interface CoverageCount {
  readonly what: 'central-units' | 'units' | 'terminals' | 'applications' | 'internet-exit-units';
  readonly count: number;
  readonly previous: number | null;
}
