import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { fillCountry, judge, PROVINCES } from './console-data.ts';
import { type ConsoleGround, startConsoleGround } from './console-ground.ts';
import { line, type Measurement, percentile } from './measurement.ts';

/** Something is to be seen of the wall in less than this, ms. */
export const PAINT_LIMIT_MS = 1_500;
/** Script of the first load, gzipped, bytes. */
export const SCRIPT_LIMIT = 500_000;
const OBJECTS = 100_000;
const RUNS = 7;
const CHROMIUM = '/usr/bin/chromium';

interface Loaded {
  readonly paintedMs: number;
  /** Every tile is drawn. */
  readonly drawnMs: number;
  readonly scriptBytes: number;
  /** CPU time of the page's own thread until then. */
  readonly cpuMs: number;
}

/** The first load of the wall, in a browser that has nothing of it, from the API over a hundred thousand objects. */
export async function measure(): Promise<readonly Measurement[]> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: apt-get install chromium`);
  const ground = await startConsoleGround((database) => fillCountry(database, OBJECTS));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    const loads: Loaded[] = [];
    for (let run = 0; run < RUNS; run++) {
      await judge(ground.database);
      loads.push(await load(browser, ground));
    }
    return judged(loads);
  } finally {
    await browser.close();
    await ground.stop();
  }
}

async function load(browser: Browser, { url, token }: ConsoleGround): Promise<Loaded> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1920, height: 1080 } });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    // As little as a proxy that knows nothing newer would let through.
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' };
    await session.send('Network.setExtraHTTPHeaders', { headers });
    const scripts = new Set<string>();
    let scriptBytes = 0;
    session.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) scriptBytes += encodedDataLength;
    });
    const answer = await page.goto('/wall', { waitUntil: 'commit' });
    if (answer?.headers()['content-type']?.startsWith('text/html') !== true)
      throw new Error('the console is not built: scripts/up builds it');
    // Text: it runs in the page, by the page's own clock, at the frame after the last tile came.
    const { painted, drawn } = (await page.evaluate(`new Promise((resolve) => {
      const look = () => {
        const [paint] = performance.getEntriesByName('first-contentful-paint');
        if (paint === undefined || document.querySelectorAll('[data-division]').length < ${PROVINCES}) return requestAnimationFrame(look);
        resolve({ painted: paint.startTime, drawn: performance.now() });
      };
      look();
    })`)) as { painted: number; drawn: number };
    const { metrics } = await session.send('Performance.getMetrics');
    const cpuMs = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
    return { paintedMs: painted, drawnMs: drawn, scriptBytes, cpuMs };
  } finally {
    await context.close();
  }
}

function judged(loads: readonly Loaded[]): readonly Measurement[] {
  const median = (key: keyof Loaded) =>
    percentile(
      loads.map((each) => each[key]),
      0.5,
    );
  const figures = [
    figure('painted', median('paintedMs'), `ms until something is seen (limit ${PAINT_LIMIT_MS})`),
    figure('painted.first', loads[0]?.paintedMs ?? Number.NaN, 'ms of the very first'),
    figure('drawn', median('drawnMs'), 'ms until every tile is'),
    figure('cpu', median('cpuMs'), 'ms of the page until then'),
    figure('script', median('scriptBytes') / 1_000, `kB gzipped (limit ${SCRIPT_LIMIT / 1_000})`),
  ];
  if (median('paintedMs') < PAINT_LIMIT_MS && median('scriptBytes') < SCRIPT_LIMIT && median('scriptBytes') > 0) return figures;
  throw new Error(`${figures.map(line).join('\n')}\nthe wall was seen too late, or brought too much`);
}

function figure(name: string, value: number, unit: string): Measurement {
  return { name: `consoleWall.${OBJECTS}.${name}`, value, unit, peer: null, peerValue: null };
}
