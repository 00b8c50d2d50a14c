import { programsPresent } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPresent } from './src/browser.ts';
import { type Node, startNode } from './src/node.ts';
import { openSession, useSession } from './src/session.ts';

/** What the issue allows: 500 kB. */
const MOST_BYTES = 500_000;

describe.runIf(browserPresent() && programsPresent('redis-server', 'fping'))('the first load of the wall', () => {
  let node: Node;
  beforeAll(async () => {
    node = await startNode();
  });
  afterAll(() => node?.destroy());

  it('takes less than 500 kB of script, gzipped, and brings no charts', async () => {
    const context = await node.context();
    await useSession(context, node.url, await openSession(node.url, 'wall.viewer', await node.account('wall.viewer', ['viewer'])));
    const page = await context.newPage();
    const scripts = new Map<string, { url: string; encoding: string | undefined; bytes: number }>();
    const devtools = await context.newCDPSession(page);
    // What a proxy that knows nothing newer would bring.
    await devtools.send('Network.enable');
    await devtools.send('Network.setExtraHTTPHeaders', { headers: { 'accept-encoding': 'gzip' } });
    devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
      if (type !== 'Script') return;
      const header = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
      scripts.set(requestId, { url: response.url, encoding: header, bytes: 0 });
    });
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const script = scripts.get(requestId);
      if (script !== undefined) script.bytes = encodedDataLength;
    });
    await page.goto('/wall');
    await page.locator('[data-division="cn.gd"]').waitFor();
    await page.waitForLoadState('load');
    const loaded = [...scripts.values()];
    const bytes = loaded.reduce((sum, each) => sum + each.bytes, 0);
    process.stderr.write(`first load of the wall: ${loaded.length} scripts, ${bytes} bytes\n`);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(MOST_BYTES);
    expect(
      loaded.filter(({ encoding, bytes: size }) => encoding !== 'gzip' && size > 2_000).map(({ url }) => url),
      'not gzipped',
    ).toEqual([]);
    const names = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    expect(
      [...names, ...loaded.map(({ url }) => url)].filter((name) => /echarts|chart-|antd/i.test(name)),
      'only when needed',
    ).toEqual([]);
    // Nor do they come in under another name.
    const texts = await Promise.all(loaded.map(async ({ url }) => (await context.request.get(url)).text()));
    expect(texts.filter((text) => /zrender|ant-btn|antCls/.test(text)).length, 'scripts with charts or the component library').toBe(0);
    await context.close();
  });
});
