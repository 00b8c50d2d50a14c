import type { EChartsCoreOption } from 'echarts/core';

/** A chart before it is drawn: what the library is told, its size in CSS pixels, and what it shows in words. */
export interface Chart {
  readonly option: EChartsCoreOption;
  readonly width: number;
  readonly height: number;
  /** What somebody who doesn't see it is told. */
  readonly alt: string;
  /** What the reader must know of its axis; printed below it. Null: nothing. */
  readonly note: string | null;
}

/** Width of every chart, CSS pixels: the width of the text of a page at 96 dpi, near enough. */
export const WIDTH = 640;
