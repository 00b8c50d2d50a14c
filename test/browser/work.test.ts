import { readFileSync } from 'node:fs';
import type { ClosedPeriodSummary, IncidentDetail, Page as Listed, Silence } from '@beacontower/contracts';
import { globalId } from '@beacontower/test-lab';
import { programsPresent, waitFor } from '@beacontower/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPresent, openContext, untilShown } from './src/browser.ts';
import { useSession } from './src/session.ts';
import { type Stack, startStack } from './src/stack.ts';
import { watch } from './src/watch.ts';

/** From the network to the screen, on a busy machine. */
const SEEN_MS = 60_000;

describe.runIf(browserPresent() && programsPresent('redis-server', 'fping', 'ip'))('a day of work', () => {
  let stack: Stack;
  let operator: string;
  let manager: string;
  beforeAll(async () => {
    stack = await startStack();
    [operator, manager] = await Promise.all([stack.person('li.na', ['operator']), stack.person('zhang.wei', ['duty-manager'])]);
  });
  afterAll(() => stack?.destroy());

  /** A browser of somebody, at an address; what it must not do is collected in `complaints`. */
  async function at(path: string, cookie: string) {
    const context = await openContext(stack.browser, stack.url, { theme: 'dark', language: 'zh' });
    await useSession(context, stack.url, cookie);
    const page = await context.newPage();
    const complaints = await watch(page);
    await page.goto(path);
    await untilShown(page);
    return { page, complaints, close: () => context.close() };
  }
  const incidents = () => stack.stand.product.api.incidents();
  /** Cuts a line, and resolves with the incident of it. */
  async function cut(line: string): Promise<IncidentDetail> {
    const known = new Set((await incidents()).map(({ id }) => id));
    await stack.stand.lab.cut(line);
    let found: string | undefined;
    const opened = async () => {
      found = (await incidents()).find(({ id }) => !known.has(id))?.id;
      return found !== undefined;
    };
    await waitFor(opened, { timeoutMs: SEEN_MS, intervalMs: 200, what: `an incident of ${line}` });
    return stack.stand.product.api.incident(found ?? '');
  }
  /** Waits until something is shown and its page listens to keys: which it does from after it was painted. */
  async function painted(page: Page, what: string): Promise<void> {
    await page.locator(what).waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  }
  const done = (page: Page, text: string) => page.getByText(text).first().waitFor();

  it('works an incident by the keyboard alone, from the queue to its end, handed from one to another', async () => {
    const incident = await cut('p1/line-01');
    const { page, complaints, close } = await at('/incidents', operator);
    const { keyboard } = page;
    await page.locator(`[data-incident="${incident.id}"]`).waitFor({ timeout: SEEN_MS });
    await keyboard.press('j');
    await page.locator(`[data-incident="${incident.id}"]:focus`).waitFor();
    await keyboard.press('Enter');
    await page.waitForURL(`**/incidents/${incident.id}`);
    await painted(page, '.incident-head');
    const dialog = page.getByRole('dialog');
    const filled = async (key: string, ...rest: readonly string[]) => {
      await keyboard.press(key);
      await dialog.waitFor();
      for (const each of rest) await (/^(Enter|Tab|Control\+Enter)$/.test(each) ? keyboard.press(each) : keyboard.type(each));
      await dialog.waitFor({ state: 'hidden' });
    };
    await filled('a', 'Enter');
    await done(page, '已受理');
    await filled('c', '已通知抢修队伍', 'Control+Enter');
    await page.getByText('已通知抢修队伍').last().waitFor();
    // What still goes on is not resolved by saying so.
    await keyboard.press('r');
    await dialog.waitFor();
    await keyboard.type('好了');
    await keyboard.press('Enter');
    await dialog.getByText('起因仍未恢复').waitFor();
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await filled('s', 'zhang.wei', 'Enter');
    await done(page, '已转派');
    expect((await stack.stand.product.api.incident(incident.id)).pendingOwner).toBe('zhang.wei');
    const other = await at(`/incidents/${incident.id}`, manager);
    await painted(other.page, '.incident-head');
    await other.page.keyboard.press('h');
    await other.page.getByRole('dialog').waitFor();
    await other.page.keyboard.press('Enter');
    await other.page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect((await stack.stand.product.api.incident(incident.id)).owner).toBe('zhang.wei');
    await stack.stand.lab.restore('p1/line-01');
    // Recovered, and seen to be so without a touch; then whoever has it closes it.
    await other.page.locator('.incident-head .incident-resolved').waitFor({ timeout: SEEN_MS });
    await other.page.keyboard.press('x');
    const closing = other.page.getByRole('dialog');
    await closing.waitFor();
    // The first of the categories: a cut fibre.
    await other.page.keyboard.press('ArrowDown');
    await other.page.keyboard.press('Tab');
    await other.page.keyboard.press('Tab');
    await other.page.keyboard.type('已熔接');
    await other.page.keyboard.press('Enter');
    await closing.waitFor({ state: 'hidden' });
    await other.page.locator('.incident-head .incident-closed').waitFor();
    await page.locator('.incident-head .incident-closed').waitFor();
    expect(await stack.stand.product.api.incident(incident.id)).toMatchObject({ state: 'closed', causeCategory: 'fibre-cut' });
    await keyboard.press('u');
    await page.waitForURL('**/incidents');
    expect(complaints).toEqual({ errors: [], violations: [] });
    expect(other.complaints).toEqual({ errors: [], violations: [] });
    await Promise.all([close(), other.close()]);
  });

  it('finds an object, opens it by the keyboard, and comes back to what was found', async () => {
    const { page, complaints, close } = await at('/objects', operator);
    const search = page.getByRole('searchbox', { name: '按名称或标识搜索' });
    await search.fill('p2-line-02');
    await page.getByText(/^1 个符合，共 \d+ 个$/).waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/objects\/lab.*p2-line-02$/);
    await untilShown(page);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.goBack();
    await page.getByText(/^1 个符合，共 \d+ 个$/).waitFor();
    expect(await search.inputValue()).toBe('p2-line-02');
    expect(complaints).toEqual({ errors: [], violations: [] });
    await close();
  });

  it('makes a silence only after showing what it is about', async () => {
    const { page, complaints, close } = await at('/plans?tab=silences', operator);
    await page.getByRole('button', { name: '新建静默' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: '创建' }).isDisabled()).toBe(true);
    await dialog.getByLabel('原因').fill('线路割接');
    await dialog.getByLabel('对象', { exact: true }).fill('p3-line-01');
    await dialog.getByRole('button', { name: /^\+ / }).first().click();
    await dialog.locator('.preview').getByText('1 个对象').waitFor();
    await dialog.getByRole('button', { name: '创建' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('row').filter({ hasText: '线路割接' }).getByText('静默中').waitFor();
    const answer = await stack.stand.product.api.request('/api/v1/silences');
    const made = ((await answer.json()) as Listed<Silence>).items[0];
    expect(made).toMatchObject({ reason: '线路割接', author: 'li.na', objects: [globalId('p3-line-01')] });
    await page.getByRole('button', { name: '立即结束' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '立即结束' }).click();
    await page.getByRole('row').filter({ hasText: '线路割接' }).getByText('已提前结束').waitFor();
    expect(complaints).toEqual({ errors: [], violations: [] });
    await close();
  });

  it('orders a report, watches it being made, and fetches it', async () => {
    const { page, complaints, close } = await at('/reports', operator);
    await page.getByRole('button', { name: '生成报告' }).click();
    const dialog = page.getByRole('dialog');
    for (const format of ['PDF', 'XLSX']) await dialog.getByLabel(format).uncheck();
    await dialog.getByRole('button', { name: '开始生成' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('article').getByText('已完成').waitFor({ timeout: 120_000 });
    const fetching = page.waitForEvent('download');
    await page.getByRole('link', { name: 'DOCX · 中文' }).click();
    const bytes = readFileSync(await (await fetching).path());
    expect(bytes.subarray(0, 2).toString('latin1'), 'a package of Word').toBe('PK');
    expect(bytes.length).toBeGreaterThan(5_000);
    expect(complaints).toEqual({ errors: [], violations: [] });
    await close();
  });

  it('lets the duty manager close a period, with the reason, and nobody below', async () => {
    const below = await at('/periods', operator);
    expect(await below.page.getByRole('button', { name: '封存周期' }).count()).toBe(0);
    await below.close();
    const { page, complaints, close } = await at('/periods', manager);
    await page.getByRole('button', { name: '封存周期' }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: '封存', exact: true });
    await confirm.click();
    await dialog.getByRole('alert').getByText('请写明理由').waitFor();
    await dialog.getByLabel('理由').fill('季度例会');
    await confirm.click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('region', { name: '周期列表' }).getByRole('row').filter({ hasText: 'zhang.wei' }).waitFor();
    const answer = await stack.stand.product.api.request('/api/v1/periods');
    const closed = ((await answer.json()) as Listed<ClosedPeriodSummary>).items;
    expect(closed.map(({ closedBy, version }) => ({ closedBy, version }))).toEqual([{ closedBy: 'zhang.wei', version: 1 }]);
    expect(complaints).toEqual({ errors: [], violations: [] });
    await close();
  });

  it('shows the operator of one province nothing of another, whatever is asked for', async () => {
    const [theirs, cookie] = await Promise.all([cut('p1/line-02'), stack.person('wang.p2', ['operator'], ['cn.p2'])]);
    const { page, close } = await at('/incidents', cookie);
    await page.getByText('没有进行中的事件').waitFor();
    for (const path of [
      `/incidents/${theirs.id}`,
      `/objects/${encodeURIComponent(globalId('p1-line-02'))}`,
      '/objects',
      '/wall',
      '/deliveries',
      '/plans',
    ]) {
      await page.goto(path);
      await untilShown(page);
      // What was asked for may be said again; what it is may not.
      expect(await page.locator('#root').textContent(), path).not.toMatch(/Province 1 |cn\.p1/);
    }
    const marks = await page.evaluate(async (incident) => {
      const own = await (await fetch('/api/v1/objects?limit=500')).text();
      const others: string[] = [];
      const paths = ['/objects', '/objects/index', '/incidents', '/deliveries', '/wall', '/directory', '/objectives', '/availability'];
      for (const path of [...paths, `/incidents/${incident}`]) {
        const answer = await fetch(`/api/v1${path}`);
        if (/p1-line|Province 1 |"cn\.p1/.test(await answer.text())) others.push(path);
      }
      return { own: /p2-line/.test(own), others, incident: (await fetch(`/api/v1/incidents/${incident}`)).status };
    }, theirs.id);
    expect(marks).toEqual({ own: true, others: [], incident: 404 });
    await close();
    await stack.stand.lab.restore('p1/line-02');
  });
});
