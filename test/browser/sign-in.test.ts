import { programsPresent } from '@beacontower/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPresent, untilShown } from './src/browser.ts';
import { type Node, startNode } from './src/node.ts';
import { chooseNew, enrol, signIn, ZH } from './src/people.ts';
import { lookAt } from './src/shots.ts';
import { totp } from './src/totp.ts';
import { type Complaints, watch } from './src/watch.ts';

const GOOD = 'Lantern-tower-42';
const STEP_MS = 30_000;

describe.runIf(browserPresent() && programsPresent('redis-server', 'fping'))('signing in', () => {
  let node: Node;
  beforeAll(async () => {
    node = await startNode();
  });
  afterAll(() => node?.destroy());

  /** A browser of its own at the first page. */
  async function fresh(): Promise<Page> {
    const page = await (await node.context()).newPage();
    await page.goto('/');
    await page.getByLabel(ZH.name, { exact: true }).waitFor();
    return page;
  }
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

  it('sends a stranger to sign in and back to where he wanted to go, with a forced change of the password between', async () => {
    const once = await node.account('zhang.wei', ['operator']);
    const page = await (await node.context()).newPage();
    const complaints = await watch(page);
    await page.goto('/objects?q=gd');
    await signIn(page, 'zhang.wei', once);
    await page.getByLabel(/^当前口令/).fill(once);
    await page.getByLabel(ZH.next, { exact: true }).fill('zhang.wei-1A');
    expect(await page.getByRole('button', { name: ZH.change }).isDisabled(), 'a password that holds the name').toBe(true);
    await chooseNew(page, once, GOOD);
    await page.waitForURL('**/objects?q=gd');
    expect(complaints).toEqual({ errors: [], violations: [] });
    const cookies = await page.context().cookies();
    expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([{ httpOnly: true, sameSite: 'Lax' }]);
    await page.context().close();
  });

  it('lets nobody in with a wrong password, locks after five, and says the same words all along', async () => {
    const once = await node.account('li.na', ['viewer']);
    const page = await fresh();
    const complaints = await watch(page);
    const said = new Set<string>();
    for (const password of ['a', 'b', 'c', 'd', 'e', once]) {
      const answered = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/session') && answer.request().method() === 'POST');
      await signIn(page, 'li.na', password);
      expect((await answered).status(), password).toBe(401);
      said.add((await page.locator('.form-alert p').textContent()) ?? '');
    }
    expect([...said]).toEqual([expect.stringContaining(ZH.refused)]);
    await page.getByText('用令牌登录大屏').click();
    await lookAtStep(page, complaints, 'refused');
    await node.command('account', 'unlock', 'li.na');
    await signIn(page, 'li.na', once);
    await heading(page, ZH.change);
    await lookAtStep(page, complaints, 'new-password');
    await page.context().close();
  });

  it('asks an administrator for a second factor, takes each code once, and a recovery code in its place', async () => {
    const once = await node.account('sun.security', ['security-administrator']);
    const page = await fresh();
    const complaints = await watch(page);
    await signIn(page, 'sun.security', once);
    await chooseNew(page, once, GOOD);
    let usedAt = 0;
    const { secret, recovery } = await enrol(
      page,
      (text) => {
        usedAt = Date.now();
        return totp(text, usedAt);
      },
      (step) => lookAtStep(page, complaints, step),
    );
    await page.waitForURL('**/accounts');
    await page.context().close();
    const again = await fresh();
    await signIn(again, 'sun.security', GOOD);
    await heading(again, '动态验证码');
    await again.getByLabel(ZH.code).fill(totp(secret, usedAt));
    await again.getByRole('button', { name: ZH.confirm }).click();
    await again.getByText('验证码不对或已用过').waitFor();
    await lookAtStep(again, complaints, 'code-refused');
    await again.getByLabel(ZH.code).fill(totp(secret, Math.max(Date.now(), usedAt + STEP_MS)));
    await again.getByRole('button', { name: ZH.confirm }).click();
    await again.waitForURL('**/accounts');
    await again.context().close();
    const third = await fresh();
    await signIn(third, 'sun.security', GOOD);
    await third.getByLabel(ZH.code).fill(recovery[0] ?? '');
    await third.getByRole('button', { name: ZH.confirm }).click();
    await third.waitForURL('**/accounts');
    await third.context().close();
  });

  it('shows an audit administrator the audit, whole when verified, and nothing else', async () => {
    const once = await node.account('wu.audit', ['audit-administrator']);
    const page = await fresh();
    await signIn(page, 'wu.audit', once);
    await chooseNew(page, once, GOOD);
    await enrol(page, (text) => totp(text, Date.now()));
    await page.waitForURL('**/audit');
    await page.getByRole('button', { name: '校验整条链' }).click();
    await page.getByRole('status').getByText('完好').waitFor();
    await page.getByRole('rowheader', { name: 'wu.audit' }).first().waitFor();
    const refused = await page.evaluate(async () => (await fetch('/api/v1/objects')).status);
    expect(refused).toBe(403);
    await page.context().close();
  });

  it('is done by the keyboard alone', async () => {
    const once = await node.account('zhou.keys', ['operator']);
    const page = await fresh();
    await page.keyboard.type('zhou.keys');
    await page.keyboard.press('Tab');
    await page.keyboard.type(once);
    await page.keyboard.press('Enter');
    await heading(page, ZH.change);
    await page.keyboard.type(once);
    for (const text of [GOOD, GOOD]) {
      // Past the button that shows what was typed.
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
    await page.waitForURL('**/wall');
    await page.context().close();
  });

  it('ends at once when the session is ended elsewhere', async () => {
    const page = await fresh();
    await signIn(page, 'zhang.wei', GOOD);
    await page.waitForURL('**/wall');
    await page.goto('/me');
    const other = await fresh();
    await signIn(other, 'zhang.wei', GOOD);
    await other.waitForURL('**/wall');
    await page.reload();
    await page
      .getByRole('button', { name: /^结束 / })
      .first()
      .click();
    await other.waitForURL('**/sign-in**', { timeout: 30_000 });
    await Promise.all([page.context().close(), other.context().close()]);
  });

  it('lets an operator of one province see nothing of another', async () => {
    const once = await node.account('gd.operator', ['operator'], ['cn.gd']);
    const page = await fresh();
    await signIn(page, 'gd.operator', once);
    await chooseNew(page, once, GOOD);
    await page.waitForURL('**/wall');
    const seen = await page.evaluate(async () => ({
      own: (await fetch('/api/v1/objects/desk%3Agd')).status,
      others: (await fetch('/api/v1/objects/desk%3Ahn')).status,
      list: await (await fetch('/api/v1/objects')).text(),
    }));
    expect([seen.own, seen.others, seen.list.includes('desk:hn')]).toEqual([200, 404, false]);
    await page.goto('/objects/desk%3Ahn');
    await untilShown(page);
    expect(await page.locator('#root').textContent()).not.toContain('hn 核心');
    await page.context().close();
  });

  /** The step that is shown, in every light and language, as its own buttons change them: what is typed or given once stays. */
  async function lookAtStep(page: Page, complaints: Complaints, step: string): Promise<void> {
    const [light, language] = [page.locator('.sign-in-tools button').first(), page.locator('.sign-in-tools button').last()];
    const faults: Record<string, string[]> = {};
    for (const [view, next] of [
      ['light-zh', light],
      ['dark-zh', language],
      ['dark-en', light],
      ['light-en', language],
    ] as const) {
      const found = await lookAt(page, complaints, `sign-in-${step}.${view}`);
      if (found.length > 0) faults[view] = found;
      await next.click();
    }
    expect(faults, step).toEqual({});
  }
});
