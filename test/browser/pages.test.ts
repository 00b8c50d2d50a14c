import { globalId } from '@beacontower/test-lab';
import { programsPresent, waitFor } from '@beacontower/testing';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPresent, openContext, untilShown, VIEWS, type View } from './src/browser.ts';
import { dialogs } from './src/dialogs.ts';
import { allPages, type Shown, type Who } from './src/pages.ts';
import { useSession } from './src/session.ts';
import { lookAt } from './src/shots.ts';
import { type Stack, startStack } from './src/stack.ts';
import { watch } from './src/watch.ts';

/** So many pages are looked at side by side: while one is judged, the next one loads. */
const AT_ONCE = 2;
const SEEN_MS = 90_000;

describe.runIf(browserPresent() && programsPresent('redis-server', 'fping', 'ip'))('every page in every light and language', () => {
  let stack: Stack;
  let shown: Shown[];
  let cookies: Readonly<Record<Who, string>>;
  beforeAll(async () => {
    stack = await startStack();
    const [manager, security, audit] = await Promise.all([
      stack.person('zhang.wei', ['operator', 'duty-manager', 'system-administrator']),
      stack.person('sun.security', ['security-administrator']),
      stack.person('wu.audit', ['audit-administrator']),
      stack.person('someone', ['viewer'], ['cn.p2']),
    ]);
    cookies = { manager, security, audit };
    // Something is down on what is looked at, and something was: colours of an all-green screen prove nothing.
    const resolved = await incidentOf('p1/line-02', 'open');
    await stack.stand.lab.restore('p1/line-02');
    await incidentOf('p1/line-02', 'resolved');
    const open = await incidentOf('p1/line-01', 'open');
    shown = [...(await allPages(stack)), ...dialogs(open, resolved)];
  });
  afterAll(() => stack?.destroy());

  /** Waits for the incident of a line; to have one that is open, the line is cut. */
  async function incidentOf(line: string, state: 'open' | 'resolved'): Promise<string> {
    if (state === 'open') await stack.stand.lab.cut(line);
    let id: string | undefined;
    const there = async () => {
      const incidents = await stack.stand.product.api.incidents();
      id = incidents.find((each) => each.cause === globalId(line.replace('/', '-')) && each.state === state)?.id;
      return id !== undefined;
    };
    await waitFor(there, { timeoutMs: SEEN_MS, intervalMs: 250, what: `an incident of ${line} that is ${state}` });
    return id ?? '';
  }

  /** What is wrong with one page. */
  async function faultsOf(context: BrowserContext, { name, path, open }: Shown, view: View): Promise<string[]> {
    const page = await context.newPage();
    const complaints = await watch(page);
    await page.goto(path);
    try {
      await untilShown(page, SEEN_MS);
      if (open !== undefined) {
        await open(page);
        await page.getByRole('dialog').waitFor();
        await untilShown(page, SEEN_MS);
      }
    } catch (error) {
      complaints.errors.push(`${path} was not shown: ${(error as Error).message.split('\n')[0]}`);
    }
    const faults = await lookAt(page, complaints, `${name}.${view.theme}-${view.language}`);
    await page.close();
    return faults;
  }

  it.each(VIEWS)(
    'is free of faults of WCAG 2.2 AA, of failing scripts and of what the policy forbids: $theme $language',
    async (view) => {
      const faults: Record<string, string[]> = {};
      for (const [who, cookie] of Object.entries(cookies)) {
        const context = await openContext(stack.browser, stack.url, view);
        await useSession(context, stack.url, cookie);
        const left = shown.filter((each) => (each.who ?? 'manager') === who);
        const look = async () => {
          for (let next = left.shift(); next !== undefined; next = left.shift()) {
            const found = await faultsOf(context, next, view);
            if (found.length > 0) faults[next.name] = found;
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, look));
        await context.close();
      }
      expect(faults).toEqual({});
    },
    900_000,
  );
});
