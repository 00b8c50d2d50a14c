import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programsPresent, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPresent, openContext, untilShown } from './src/browser.ts';
import { useSession } from './src/session.ts';
import { type Stack, startStack } from './src/stack.ts';
import { watch } from './src/watch.ts';

const SHOTS = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url));
/** From the probe of a second's interval to the screen: probing, judging, telling, drawing, on a busy machine. */
const SEEN_MS = 45_000;

describe.runIf(browserPresent() && programsPresent('redis-server', 'fping', 'ip'))('a cut in the network', () => {
  let stack: Stack;
  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    stack = await startStack();
  });
  afterAll(() => stack?.destroy());

  it('is on the wall without a touch: the tile changes its state in word and shape, and back when it is mended', async () => {
    const context = await openContext(stack.browser, stack.url, { theme: 'dark', language: 'zh' });
    await useSession(context, stack.url, await stack.person('li.na', ['operator']));
    const page = await context.newPage();
    const complaints = await watch(page);
    let loads = 0;
    page.on('load', () => {
      loads += 1;
    });
    await page.goto('/wall');
    await untilShown(page);
    const tile = page.locator('[data-division="cn.p2"]');
    await tile.getByText('正常').first().waitFor();
    await stack.stand.lab.cut(['p2/uplink-a', 'p2/uplink-b']);
    await page.locator('[data-division="cn.p2"]:not(.tile-up)').waitFor({ timeout: SEEN_MS });
    await tile
      .getByText(/中断|劣化/)
      .first()
      .waitFor();
    await tile.locator('svg.state-down, svg.state-degraded').first().waitFor();
    await page.locator('[data-division="cn.p1"].tile-up').waitFor();
    const opened = async () => (await stack.stand.product.api.incidents()).filter(({ state }) => state === 'open').length > 0;
    await waitFor(opened, { timeoutMs: SEEN_MS, intervalMs: 250, what: 'an incident of it' });
    // What it is and who has it, in words.
    const nobody = page.getByText('无人负责').first();
    await nobody.waitFor({ timeout: SEEN_MS }).finally(() => page.screenshot({ path: join(SHOTS, 'wall-cut.png') }));
    await stack.stand.lab.restore(['p2/uplink-a', 'p2/uplink-b']);
    await page.locator('[data-division="cn.p2"].tile-up').waitFor({ timeout: SEEN_MS });
    expect(loads, 'the page was loaded once').toBe(1);
    expect(complaints).toEqual({ errors: [], violations: [] });
    await context.close();
  });
});
