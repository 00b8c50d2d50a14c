import type { Verdict } from '@beacontower/domain';
import type { Chart } from '../charts/chart.ts';

/** A report in one language before it has a form: what every format prints, in the order in which it is read. */
export interface Content {
  readonly title: string;
  /** The period, in words. */
  readonly subtitle: string;
  /** Closed in which version, or as of when. */
  readonly status: string;
  /** On the title page: label and value. */
  readonly cover: readonly Fact[];
  readonly remarks: readonly string[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** 1: a section; 2: within one. */
  readonly level: 1 | 2;
  /** Begins a page. */
  readonly startsPage: boolean;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly style: ParagraphStyle; readonly text: string }
  | { readonly kind: 'figure'; readonly figure: KeyFigure }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'chart'; readonly caption: string; readonly chart: Chart }
  | { readonly kind: 'table'; readonly table: Table };

/** `lead`: the summary itself; `body`: text; `note`: small, below a table; `remark`: what must not be missed. */
export type ParagraphStyle = 'lead' | 'body' | 'note' | 'remark';

/** The figure of an objective, large. */
export interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly bounds: string;
  readonly target: string;
  readonly verdict: Verdict;
  readonly verdictText: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** A table with typed cells: printed in documents, real numbers in sheets. */
export interface Table {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What is left out, how it is sorted. */
  readonly note: string | null;
}

export interface Column {
  readonly heading: string;
  readonly kind: Cell['kind'];
  /** Its share of the width, against those of the others. */
  readonly weight: number;
}

/** Fractions are not rounded, times epoch ms, durations ms; null: not known. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  /** `target`: printed so that the figure stays on its side of it. */
  | { readonly kind: 'percent'; readonly value: number | null; readonly target: number | null; readonly unlike?: number | null }
  | { readonly kind: 'bounds'; readonly lowest: number | null; readonly highest: number | null; readonly target: number | null }
  | { readonly kind: 'points'; readonly value: number | null }
  | { readonly kind: 'duration'; readonly ms: number | null }
  | { readonly kind: 'count'; readonly value: number | null }
  | { readonly kind: 'time'; readonly at: number | null; readonly timeZone: string }
  | { readonly kind: 'verdict'; readonly verdict: Verdict | null };
