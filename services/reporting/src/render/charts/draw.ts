import { tellLibrary } from '@beacontower/runtime';
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { faceFile, SANS } from '../fonts/faces.ts';
import { guardCaches } from './caches.ts';
import type { Chart } from './chart.ts';

use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, CanvasRenderer, SVGRenderer]);
guardCaches();

type Canvas = typeof import('@napi-rs/canvas');
let prepared: Promise<Canvas> | null = null;

/** Gives the drawing library the face and something to measure text with, once a process. */
async function prepare(): Promise<Canvas> {
  // Loading looks for fonts of the system and of the account, and throws for an account without a home, as containers have. Reports look alike everywhere.
  tellLibrary('DISABLE_SYSTEM_FONTS_LOAD', '1');
  const canvas = await import('@napi-rs/canvas');
  const { createCanvas, GlobalFonts } = canvas;
  for (const face of ['sans', 'sansBold'] as const) GlobalFonts.register(await faceFile(face), SANS);
  // The library asks for an HTMLCanvasElement; this one draws alike, and has no document round it.
  setPlatformAPI({ createCanvas: () => createCanvas(1, 1) as unknown as HTMLCanvasElement });
  return canvas;
}

function ready(): Promise<Canvas> {
  prepared ??= prepare();
  prepared.catch(() => {
    prepared = null;
  });
  return prepared;
}

/** A chart as SVG: sharp at any size, its text still text. */
export async function drawSvg(chart: Chart): Promise<string> {
  await ready();
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width: chart.width, height: chart.height });
  try {
    drawing.setOption(chart.option);
    return drawing.renderToSVGString();
  } finally {
    drawing.dispose();
  }
}

/** A chart as PNG, `scale` dots to a CSS pixel (3: 288 dpi, sharp when printed). */
export async function drawPng(chart: Chart, scale = 3): Promise<Uint8Array> {
  const { createCanvas } = await ready();
  const canvas = createCanvas(chart.width * scale, chart.height * scale);
  const drawing = init(canvas as unknown as HTMLElement, null, {
    renderer: 'canvas',
    width: chart.width,
    height: chart.height,
    devicePixelRatio: scale,
  });
  try {
    drawing.setOption(chart.option);
    // What it draws with is laid out in a frame of its own otherwise.
    drawing.getZr().flush();
    return await canvas.encode('png');
  } finally {
    drawing.dispose();
  }
}
