import type { AccessPolicy, AccountSummary, SessionView } from '@beacontower/contracts';
import { programsPresent, waitFor } from '@beacontower/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserPresent, untilShown } from './src/browser.ts';
import { type IdentityProvider, PROVIDER_NAME, startIdentityProvider } from './src/identity.ts';
import { CONFIGURATION, type Node, startNode } from './src/node.ts';
import { chooseNew, signIn, ZH } from './src/people.ts';
import { openSession, useSession } from './src/session.ts';
import { totp } from './src/totp.ts';
import { watch } from './src/watch.ts';

const GOOD = 'Lantern-tower-42';
/** A session that nobody uses ends after a minute, which is the shortest the policy takes; and a busy machine is slow to say so. */
const IDLE_END_MS = 120_000;

describe.runIf(browserPresent() && programsPresent('redis-server', 'fping'))('administration', () => {
  let node: Node;
  let provider: IdentityProvider;
  let system: string;
  let security: string;
  beforeAll(async () => {
    node = await startNode(async (url) => {
      provider = await startIdentityProvider(url);
      return provider.environment(url);
    });
    const person = async (name: string, role: 'system-administrator' | 'security-administrator') =>
      openSession(node.url, name, await node.account(name, [role]));
    [system, security] = await Promise.all([person('he.system', 'system-administrator'), person('sun.security', 'security-administrator')]);
  });
  afterAll(async () => {
    await node?.destroy();
    await provider?.close();
  });

  // What a test that failed left open is not in the way of the next.
  afterEach(async () => {
    for (const context of node.browser.contexts()) await context.close();
  });

  /** A browser in which somebody has signed in already, at an address. */
  async function at(path: string, cookie?: string): Promise<Page> {
    const context = await node.context();
    if (cookie !== undefined) await useSession(context, node.url, cookie);
    const page = await context.newPage();
    await page.goto(path);
    await untilShown(page);
    return page;
  }
  /** What the API answers to the one who is signed in there. */
  const ask = <T>(page: Page, path: string) =>
    page.evaluate(async (address) => (await fetch(`/api/v1${address}`)).json() as Promise<unknown>, path) as Promise<T>;
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

  it('takes two people to let a third in: one makes the account, another gives rights, never two administrations at once', async () => {
    const maker = await at('/accounts', system);
    const complaints = await watch(maker);
    await press(maker, '新建账号');
    const making = maker.getByRole('dialog');
    await making.getByLabel('用户名').fill('qian.yue');
    await making.getByLabel('姓名').fill('钱岳');
    await making.getByRole('button', { name: '新建账号' }).click();
    const once = (await maker.locator('dialog code.once').textContent()) ?? '';
    await maker.getByText('账号已建好，但还没有权限').waitFor();
    await press(maker, '已记下');
    expect(await maker.content(), 'it is shown once').not.toContain(once);
    // Who makes accounts gives no rights.
    await press(maker, '账号 qian.yue');
    await maker.getByRole('dialog').getByText('未授予').waitFor();
    expect(await maker.getByRole('button', { name: '授予角色与范围' }).count()).toBe(0);

    const giver = await at('/accounts', security);
    await press(giver, '账号 qian.yue');
    await press(giver, '授予角色与范围');
    const form = giver.getByRole('dialog');
    await form.getByLabel('系统管理员').check();
    await form.getByLabel('安全管理员').check();
    expect(await form.getByLabel('系统管理员').isChecked(), 'of the three administrators one').toBe(false);
    // Whoever made the account knows its password still.
    await form.getByRole('button', { name: '授予角色与范围' }).click();
    await form.getByRole('alert').getByText('还在用别人设置的一次性口令').waitFor();
    await form.getByLabel('安全管理员').uncheck();
    await form.getByLabel('值班员').check();
    await form.getByLabel('添加区划').fill('not a path');
    await form.getByRole('button', { name: '添加', exact: true }).click();
    await form.getByRole('alert').getByText('区划路径由字母').waitFor();
    await form.getByLabel('添加区划').fill('cn.gd');
    await form.getByRole('button', { name: '添加', exact: true }).click();
    await form.getByRole('button', { name: '去掉 cn.gd' }).waitFor();
    await form.getByRole('button', { name: '授予角色与范围' }).click();
    await form.getByLabel('添加区划').waitFor({ state: 'hidden' });
    const made = (await ask<{ items: AccountSummary[] }>(giver, '/accounts?q=qian.yue')).items[0];
    expect(made).toMatchObject({ roles: ['operator'], divisions: ['cn.gd'] });
    // Whoever goes round the form is refused by the node.
    const refused = await giver.evaluate(async (account) => {
      const { csrf } = (await (await fetch('/api/v1/session')).json()) as { csrf: string };
      const answer = await fetch(`/api/v1/accounts/${account.id}/rights`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'x-beacontower-csrf': csrf, 'if-match': `"${account.revision}"` },
        body: JSON.stringify({ roles: ['system-administrator', 'audit-administrator'], divisions: [''] }),
      });
      return { status: answer.status, text: await answer.text() };
    }, made as AccountSummary);
    expect(refused.status, refused.text).toBe(400);
    expect(refused.text).toContain('at most one');

    const page = await at('/');
    await signIn(page, 'qian.yue', once);
    await chooseNew(page, once, GOOD);
    await page.waitForURL('**/wall');
    expect((await ask<SessionView>(page, '/session')).divisions).toEqual(['cn.gd']);
    expect(complaints).toEqual({ errors: [], violations: [] });
    for (const each of [maker, giver, page]) await each.context().close();
  });

  it('resets a password for one that is good once, and ends all sign-ins by it', async () => {
    const page = await at('/');
    await signIn(page, 'qian.yue', GOOD);
    await page.waitForURL('**/wall');
    const maker = await at('/accounts', system);
    await press(maker, '账号 qian.yue');
    await press(maker, '重置口令');
    await maker.getByRole('dialog').getByRole('button', { name: '重置口令' }).click();
    const once = (await maker.locator('dialog code.once').textContent()) ?? '';
    await page.waitForURL('**/sign-in**', { timeout: 30_000 });
    await signIn(page, 'qian.yue', once);
    await chooseNew(page, once, `${GOOD}-anew`);
    await page.waitForURL('**/wall');
    for (const each of [maker, page]) await each.context().close();
  });

  it('shows what another configuration would change, and changes nothing', async () => {
    const page = await at('/configuration?tab=plan', system);
    const complaints = await watch(page);
    const before = await ask<{ version: number }>(page, '/configuration');
    const choose = (text: string) =>
      page.locator('input[type=file]').setInputFiles({ name: 'next.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) });
    const [first, ...others] = CONFIGURATION.devices;
    const next = {
      ...CONFIGURATION,
      divisions: [...CONFIGURATION.divisions, { id: 'cn.bj', name: '北京市' }],
      devices: [{ ...first, name: '广东新核心' }, ...others],
    };
    await choose(JSON.stringify(next));
    await page.getByText('新增 1，修改 1，删除 0').waitFor();
    await page.getByText('广东新核心').last().waitFor();
    await choose(JSON.stringify({ ...next, divisions: [{ id: 'cn.gd' }] }));
    await page.getByText(/有 \d+ 处错误，无法比对/).waitFor();
    await choose(JSON.stringify(CONFIGURATION));
    await page.getByText('与生效配置相同，没有差异').waitFor();
    expect((await ask<{ version: number }>(page, '/configuration')).version).toBe(before.version);
    expect(complaints).toEqual({ errors: [], violations: [] });
    await page.context().close();
  });

  it('lets a person of the identity provider in once somebody gave rights, and out of both', async () => {
    const page = await at('/sign-in?to=/incidents');
    const complaints = await watch(page);
    const leave = () => page.getByRole('link', { name: `用“${PROVIDER_NAME}”登录` }).click();
    const answer = async () => {
      await page.locator('input[name=login]').fill('feng.shan');
      await page.locator('input[name=password]').fill('of no interest');
      await page.getByRole('button', { name: 'Sign-in' }).click();
    };
    await leave();
    await answer();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/sign-in?oidc=no-rights');
    await page.getByRole('alert').getByText('此账号还没有权限').waitFor();
    await node.command('account', 'rights', 'feng.shan', '--role', 'operator', '--division', 'cn.hn');
    await page.goto('/sign-in?to=/incidents');
    await leave();
    // Known there already: the way leads straight in, to where it was to lead.
    await page.waitForURL('**/incidents');
    expect(await ask<SessionView>(page, '/session')).toMatchObject({ method: 'oidc', stage: 'full', divisions: ['cn.hn'] });
    await page.goto('/me');
    await press(page, '启用第二因子');
    await press(page, '下一步');
    const secret = ((await page.locator('.secret-text').textContent()) ?? '').replaceAll(/\s/g, '');
    await page.getByLabel(/6 位数字/).fill(totp(secret, Date.now()));
    await press(page, ZH.confirm);
    const recovery = await page.locator('.code-grid li').first().textContent();
    await press(page, '我已妥善保存，继续');
    await press(page, '停用第二因子');
    await page.getByLabel('当前验证码或恢复码').fill(recovery ?? '');
    await press(page, '停用第二因子');
    await press(page, '启用第二因子');
    // Known there, and asked all the same: it is the person who is to be there, not the browser.
    await page.getByRole('link', { name: '重新登录统一身份认证' }).click();
    await answer();
    await page.waitForURL('**/me');
    await page.getByRole('button', { name: /feng\.shan/ }).click();
    await press(page, '退出');
    await page.getByRole('button', { name: /yes, sign me out/i }).click();
    await page.waitForURL('**/sign-in');
    await leave();
    await page.locator('input[name=login]').waitFor();
    expect(complaints.violations.filter((each) => each.includes(node.url))).toEqual([]);
    await page.context().close();
  });

  it('signs a wall in by a token that may only read, and by no other', async () => {
    const token = async (role: string) =>
      (await node.command('token', 'create', '--name', `wall by ${role}`, '--role', role, '--division', 'cn.gd'))
        .trim()
        .split('\n')
        .at(-1) ?? '';
    const page = await at('/');
    await page.getByText('用令牌登录大屏').click();
    const give = async (text: string) => {
      await page.getByLabel('只读令牌').fill(text);
      await page.getByRole('button', { name: ZH.signIn, exact: true }).last().click();
    };
    await give(await token('operator'));
    await page.getByRole('alert').getByText('不是只读令牌').waitFor();
    await give(await token('viewer'));
    await page.waitForURL('**/wall');
    await page.locator('[data-division="cn.gd"]').waitFor();
    expect(await ask<SessionView>(page, '/session')).toMatchObject({ method: 'token', idleMs: null, divisions: ['cn.gd'] });
    await page.context().close();
  });

  it('has one stream of live events for all tabs of a browser', async () => {
    const streams = async () =>
      Number(/^\S*api_live_clients(?:\{[^}]*\})? (\d+)$/m.exec(await node.product.api.metrics())?.[1] ?? Number.NaN);
    const until = (count: number) =>
      waitFor(async () => (await streams()) === count, { timeoutMs: 60_000, intervalMs: 100, what: `${count} streams` });
    await until(0);
    const context = await node.context();
    await useSession(context, node.url, system);
    const live = async (path: string) => {
      const page = await context.newPage();
      await page.goto(path);
      await page.getByRole('status').getByText('实时', { exact: true }).waitFor();
      return page;
    };
    const first = await live('/wall');
    await until(1);
    for (const path of ['/objects', '/incidents']) await live(path);
    expect(await streams()).toBe(1);
    // The tab that opened it goes; the others go on.
    await first.close();
    await live('/deliveries');
    expect(await streams()).toBe(1);
    await context.close();
    await until(0);
  });

  it('keeps a new policy, and ends a session that nobody uses, but no wall', async () => {
    const once = await node.account('idle.person', ['operator']);
    const wall = await node.command('token', 'create', '--name', 'a wall that stays', '--role', 'viewer');
    const page = await at('/accounts?tab=policy', security);
    const idle = page.getByLabel('无操作几分钟后退出');
    await idle.fill('0');
    expect(await page.getByRole('button', { name: '保存策略' }).isDisabled()).toBe(true);
    await idle.fill('1');
    await press(page, '保存策略');
    await page.getByText('由 sun.security').waitFor();
    expect(await ask<AccessPolicy>(page, '/access-policy')).toMatchObject({ idleMinutes: 1, changedBy: 'sun.security' });
    await page.reload();
    expect(await idle.inputValue()).toBe('1');
    await page.context().close();
    const screen = await at('/');
    await screen.getByText('用令牌登录大屏').click();
    await screen.getByLabel('只读令牌').fill(wall.trim().split('\n').at(-1) ?? '');
    await screen.getByRole('button', { name: ZH.signIn, exact: true }).last().click();
    await screen.waitForURL('**/wall');
    const person = await at('/incidents', await openSession(node.url, 'idle.person', once));
    await person.getByRole('alert').getByText('长时间无人操作').waitFor({ timeout: IDLE_END_MS });
    await person.waitForURL('**/sign-in**', { timeout: IDLE_END_MS });
    expect(await person.evaluate(async () => (await fetch('/api/v1/objects')).status)).toBe(401);
    expect(new URL(screen.url()).pathname).toBe('/wall');
    expect(await screen.evaluate(async () => (await fetch('/api/v1/wall')).status)).toBe(200);
    const contexts: BrowserContext[] = [screen.context(), person.context()];
    for (const context of contexts) await context.close();
  });
});
