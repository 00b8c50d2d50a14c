import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programsPresent, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPresent, openContext, untilShown, VIEWS } from './src/browser.ts';
import { allPages, type Shown } from './src/pages.ts';
import { useSession } from './src/session.ts';
import { type Stack, startStack } from './src/stack.ts';
import { accessibilityFaults, watch } from './src/watch.ts';

/** Where every page is left as it looked, for people to look at. */
const SHOTS = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url));

describe.runIf(browserPresent() && programsPresent('redis-server', 'fping', 'ip'))('every page in every light and language', () => {
  let stack: Stack;
  let pages: Shown[];
  let cookie: string;
  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    stack = await startStack();
    cookie = await stack.person('zhang.wei', ['operator', 'duty-manager', 'system-administrator']);
    // Something is down on what is looked at: colours of an all-green screen prove nothing.
    await stack.stand.lab.cut('p1/line-01');
    const what = 'an incident';
    await waitFor(async () => (await stack.stand.product.api.incidents()).length > 0, { timeoutMs: 60_000, intervalMs: 250, what });
    pages = await allPages(stack);
  });
  afterAll(() => stack?.destroy());

  it.each(VIEWS)(
    'is free of faults of WCAG 2.2 AA, of failing scripts and of what the policy forbids: $theme $language',
    async (view) => {
      const context = await openContext(stack.browser, stack.url, view);
      await useSession(context, stack.url, cookie);
      const faults: Record<string, string[]> = {};
      for (const { name, path } of pages) {
        const page = await context.newPage();
        const complaints = await watch(page);
        await page.goto(path);
        await untilShown(page).catch((error: Error) => complaints.errors.push(`${path} was not shown: ${error.message.split('\n')[0]}`));
        await page.screenshot({ path: join(SHOTS, `${name}.${view.theme}-${view.language}.png`) });
        const found = [...(await accessibilityFaults(page)), ...complaints.errors, ...complaints.violations];
        if (found.length > 0) faults[name] = found;
        await page.close();
      }
      await context.close();
      expect(faults).toEqual({});
    },
    900_000,
  );
});
