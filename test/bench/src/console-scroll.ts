import { existsSync } from 'node:fs';
import { appendLog, type Database, dispatchLog } from '@beacontower/database';
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { fillCountry } from './console-data.ts';
import { startConsoleGround } from './console-ground.ts';
import { type Measurement, percentile } from './measurement.ts';

/** So many frames a second while one scrolls through a hundred thousand objects. */
export const FRAMES_LIMIT = 50;
const OBJECTS = 100_000;
const CHROMIUM = '/usr/bin/chromium';
const SCROLL_MS = 8_000;
/** px a frame: five rows, about as fast as a wheel is turned. */
const SPEED = 180;
/** States change while one scrolls. */
const CHANGE_EVERY_MS = 200;

interface Scrolled {
  /** Moments of the frames, ms. */
  readonly frames: readonly number[];
  /** Frames in which a part of what should have been seen was not drawn. */
  readonly blank: number;
  readonly rows: number;
}

/**
 * The list of a hundred thousand objects in a browser on the real API: how soon it is there, how soon typing finds, and how it scrolls while
 * states change. Frames a second depend on what else the machine does; the page's own CPU time for a frame does not, and says what it could.
 */
export async function measure(): Promise<readonly Measurement[]> {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing: apt-get install chromium`);
  const ground = await startConsoleGround((database) => fillCountry(database, OBJECTS));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    const context = await browser.newContext({
      baseURL: ground.url,
      viewport: { width: 1440, height: 900 },
      extraHTTPHeaders: { authorization: `Bearer ${ground.token}` },
    });
    const page = await context.newPage();
    const begun = performance.now();
    const answer = await page.goto('/objects');
    if (answer?.headers()['content-type']?.startsWith('text/html') !== true)
      throw new Error('the console is not built: scripts/up builds it');
    await page.waitForSelector('.grid-body .grid-row', { timeout: 60_000 });
    const shown = performance.now() - begun;
    await page.waitForTimeout(2_000);
    const found = await searched(page);
    const changing = changeStates(ground.database);
    const { scrolled, cpuMs } = await withThreadTime(page, () => scroll(page)).finally(() => changing.stop());
    const cpuPerFrame = cpuMs / scrolled.frames.length;
    if (cpuPerFrame >= 1_000 / FRAMES_LIMIT) throw new Error(`a frame took the page ${cpuPerFrame} ms of CPU time`);
    return figures(shown, found, scrolled, cpuPerFrame);
  } finally {
    await browser.close();
    await ground.stop();
  }
}

function figures(shown: number, found: number, { frames, blank, rows }: Scrolled, cpuPerFrame: number): readonly Measurement[] {
  const gaps = frames.slice(1).map((at, place) => at - (frames[place] ?? at));
  const span = (frames.at(-1) ?? 0) - (frames[0] ?? 0);
  const figure = (name: string, value: number, unit: string) => ({
    name: `console.${OBJECTS}.${name}`,
    value,
    unit,
    peer: null,
    peerValue: null,
  });
  return [
    figure('shown', shown / 1_000, 's until the first rows'),
    figure('search', found, 'ms from typing to the rows found'),
    figure('scroll.frames', (gaps.length / span) * 1_000, `a second (limit ${FRAMES_LIMIT})`),
    figure('scroll.frame.p50', percentile(gaps, 0.5), 'ms'),
    figure('scroll.frame.p95', percentile(gaps, 0.95), 'ms'),
    figure('scroll.frame.cpu', cpuPerFrame, `ms of the page (limit ${1_000 / FRAMES_LIMIT})`),
    figure('scroll.blank', blank, `of ${frames.length} frames not wholly drawn, ${Math.round(rows)} rows passed`),
  ];
}

/** From a letter typed to the rows it finds, ms. Text: it runs in the page, whose policy lets nothing be made code of later. */
async function searched(page: Page): Promise<number> {
  const found = page.evaluate(`new Promise((resolve) => {
    const status = document.querySelector('.object-list-line [role="status"]');
    const before = status.textContent;
    addEventListener('input', () => {
      const begun = performance.now();
      const look = () => (status.textContent === before ? requestAnimationFrame(look) : resolve(performance.now() - begun));
      look();
    }, { capture: true, once: true });
  })`) as Promise<number>;
  await page.fill('.object-search', 'p7 c3');
  const took = await found;
  await page.fill('.object-search', '');
  await page.waitForTimeout(1_000);
  return took;
}

/** Scrolls on at every frame, and looks whether rows are drawn wherever one looks. Text: it runs in the page. */
async function scroll(page: Page): Promise<Scrolled> {
  return page.evaluate(`new Promise((resolve) => {
    const grid = document.querySelector('.grid');
    const body = document.querySelector('.grid-body');
    const frames = [];
    let blank = 0;
    const frame = (at) => {
      frames.push(at);
      const tops = [...body.children].map((row) => Number(/translateY\\((.*)px/.exec(row.style.transform)?.[1]));
      const top = grid.scrollTop;
      if (Math.min(...tops) > top + 1 || Math.max(...tops) + 72 < Math.min(top + grid.clientHeight, body.clientHeight)) blank += 1;
      if (at - frames[0] > ${SCROLL_MS}) return resolve({ frames, blank, rows: top / 36 });
      grid.scrollTop = top + ${SPEED};
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })`) as Promise<Scrolled>;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** CPU time of the thread, µs. */
  readonly tdur?: number;
}

/** CPU time of the page's own thread while something is done, ms. */
async function withThreadTime(page: Page, work: () => Promise<Scrolled>): Promise<{ scrolled: Scrolled; cpuMs: number }> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline'] },
    transferMode: 'ReportEvents',
  });
  const scrolled = await work();
  await ended(session);
  const drawn = events.find(({ name }) => name === 'FireAnimationFrame');
  if (drawn === undefined) throw new Error('the trace shows no frame');
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && pid === drawn.pid && tid === drawn.tid && name.endsWith('::RunTask'),
  );
  return { scrolled, cpuMs: tasks.reduce((sum, { tdur = 0 }) => sum + tdur / 1_000, 0) };
}

async function ended(session: CDPSession): Promise<void> {
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()));
  await session.send('Tracing.end');
  await complete;
}

/** One object after the other changes its state, as in a country where something always happens. */
function changeStates(db: Database): { stop(): Promise<void> } {
  let going = true;
  const run = async () => {
    for (let n = 0; going; n += 1) {
      const [object, at, to] = [`bench:line-${1_000 + (n % 1_000)}`, Date.now(), n % 2 === 0 ? 'down' : 'up'] as const;
      await db.transaction(async (tx) => {
        await tx.query('UPDATE current_states SET state = $3, since = $2 WHERE subject = $1', [object, at, to]);
        const edge = { at, earliest: at, latest: at };
        const body = {
          transition: 1,
          object,
          check: null,
          from: to === 'up' ? 'down' : 'up',
          to,
          ...edge,
          reason: 'no-reply',
          decidedAt: at,
        } as const;
        await appendLog(tx, [{ kind: 'state', subject: object, body, eventAt: at }], at);
        await dispatchLog(tx, 1);
      });
      await new Promise((resolve) => setTimeout(resolve, CHANGE_EVERY_MS));
    }
  };
  const done = run();
  return {
    async stop() {
      going = false;
      await done;
    },
  };
}
