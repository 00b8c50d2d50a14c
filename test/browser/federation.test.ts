import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IncidentSummary } from '@beacontower/contracts';
import { programsPresent, waitFor } from '@beacontower/testing';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserPresent, openContext, untilShown, VIEWS, type View } from './src/browser.ts';
import { type Country, LANDING, LINE, LISTENER, startCountry, type Tier } from './src/country.ts';
import { useSession } from './src/session.ts';
import { lookAt } from './src/shots.ts';
import { watch } from './src/watch.ts';

const CLIENT = fileURLToPath(new URL('../../docs/federation/reference-client.mjs', import.meta.url));
/** From the network to the screen of another node, on a busy machine. */
const SEEN_MS = 90_000;
/** A telephone, beside both lights and both languages. */
const LOOKS: readonly (View & { readonly name: string })[] = [
  ...VIEWS.map((view) => ({ ...view, name: `${view.theme}-${view.language}` })),
  { theme: 'light', language: 'zh', width: 400, height: 800, name: 'narrow' },
];

type Person = 'manager' | 'security' | 'province';

/** Each page is looked at in every light and language, which takes its time. */
const LONG_MS = 900_000;

describe.runIf(browserPresent() && programsPresent('redis-server', 'fping', 'ip'))('a country of nodes', { timeout: LONG_MS }, () => {
  let country: Country;
  let cookies: Readonly<Record<Person, string>>;
  let store: string;
  let client: ChildProcess | undefined;
  beforeAll(async () => {
    store = mkdtempSync(join(tmpdir(), 'beacontower-client-'));
    country = await startCountry();
    const { centre, province } = country;
    const [manager, security, theirs] = await Promise.all([
      centre.person('zhang.wei', ['operator', 'duty-manager', 'system-administrator']),
      centre.person('sun.security', ['security-administrator']),
      province.person('li.na', ['operator', 'duty-manager']),
    ]);
    cookies = { manager, security, province: theirs };
  }, LONG_MS);
  afterEach(async () => {
    for (const context of country.browser.contexts()) await context.close();
  });
  afterAll(async () => {
    client?.kill('SIGKILL');
    await country?.destroy();
    rmSync(store, { recursive: true, force: true });
  });

  async function at(path: string, who: Person, view: View = { theme: 'dark', language: 'zh' }) {
    const { url } = who === 'province' ? country.province : country.centre;
    const context = await openContext(country.browser, url, view);
    await useSession(context, url, cookies[who]);
    const page = await context.newPage();
    const complaints = await watch(page);
    await page.goto(path);
    await untilShown(page);
    return { page, complaints, close: () => context.close() };
  }
  /** What is wrong with a page in any light, language and width. `open`: what is opened above it. */
  async function look(name: string, path: string, who: Person, open: (page: Page) => Promise<unknown> = async () => undefined) {
    const faults: Record<string, string[]> = {};
    for (const view of LOOKS) {
      const { page, complaints, close } = await at(path, who, view);
      await open(page);
      const found = await lookAt(page, complaints, `federation-${name}.${view.name}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) found.push(`${over} px too wide`);
      if (found.length > 0) faults[view.name] = found;
      await close();
    }
    expect(faults, name).toEqual({});
  }
  /** Waits until a node has such an incident. */
  async function incidentAt({ product }: Tier, what: string, is: (incident: IncidentSummary) => boolean): Promise<string> {
    let found: string | undefined;
    const there = async () => {
      found = (await product.api.incidents()).find(is)?.id;
      return found !== undefined;
    };
    await waitFor(there, { timeoutMs: SEEN_MS, intervalMs: 200, what });
    return found ?? '';
  }
  const press = (page: Page, words: RegExp) => page.getByRole('button', { name: words }).first().click();
  const shown = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor({ timeout: SEEN_MS });
  /** Presses the key of an act, fills what it asks and sends it. The page listens from after it was painted. */
  async function act(page: Page, key: string, ...filled: readonly string[]): Promise<void> {
    await page.locator('.incident-head').waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor();
    for (const each of filled) await (each === 'Tab' ? page.keyboard.press(each) : page.keyboard.type(each));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  it('lets a system of another vendor in by two people and a telephone, and puts it out again', async () => {
    const { page, complaints } = await at('/nodes?tab=invitations', 'manager');
    await press(page, /^邀请节点$/);
    const inviting = page.getByRole('dialog');
    await inviting.getByLabel('节点标识').fill('gz');
    await inviting.getByLabel('名称', { exact: true }).fill('贵州');
    await inviting.getByLabel('区划').fill('cn.gz');
    await inviting.getByRole('button', { name: '邀请节点' }).click();
    const token = (await page.locator('dialog code.once').textContent()) ?? '';
    expect(token).toMatch(/^bt1\./);
    await press(page, /^已交付$/);
    expect(await page.content(), 'it is shown once').not.toContain(token);
    const code = await joinAs(token);
    const deciding = await at('/nodes?tab=requests', 'security');
    const row = deciding.page.getByRole('row').filter({ hasText: '贵州' });
    await row.getByText('待批准').waitFor({ timeout: SEEN_MS });
    await look('request', '/nodes?tab=requests', 'security', (each) => press(each, /^(批准|Approve)$/));
    await row.getByRole('button', { name: '批准', exact: true }).click();
    const dialog = deciding.page.getByRole('dialog');
    await dialog.getByLabel('代码').fill(code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)));
    await dialog.getByRole('button', { name: '批准', exact: true }).click();
    await dialog.getByRole('alert').waitFor();
    // As it is typed from hearing: without the dash.
    await dialog.getByLabel('代码').fill(code.replace('-', ''));
    await dialog.getByRole('button', { name: '批准', exact: true }).click();
    await row.getByText('已批准').waitFor();
    await page.goto('/nodes');
    await page.getByRole('row').filter({ hasText: 'gz' }).getByText('未上线').waitFor();
    await row.getByRole('button', { name: '吊销' }).click();
    await dialog.getByLabel('理由').fill('试点结束');
    await dialog.getByRole('button', { name: '吊销' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('row').filter({ hasText: 'gz' }).getByText('已退出').waitFor({ timeout: SEEN_MS });
    expect(complaints).toEqual({ errors: [], violations: [] });
    expect(deciding.complaints).toEqual({ errors: [], violations: [] });
    await look('invitations', '/nodes?tab=invitations', 'manager', (each) => press(each, /^(邀请节点|Invite a node)$/));
  });

  /** Asks to be let in as another vendor's system does; resolves with the code that it shows. */
  async function joinAs(token: string): Promise<string> {
    const args = [CLIENT, 'join', token, store, '--node', 'gz', '--division', 'cn.gz', '--name', '贵州'];
    let said = '';
    client = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [client.stdout, client.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const codeIn = () => /\d{4}-\d{4}/.exec(said)?.[0];
    await waitFor(() => codeIn() !== undefined, { timeoutMs: 30_000, what: 'a code of the client' });
    return codeIn() ?? '';
  }

  it('tells the centre of what a province works on, wakes nobody there, and asks it to act by one key', async () => {
    const { centre, province, wire } = country;
    await wire.silence(LINE);
    const id = await incidentAt(province, 'the incident of the line', ({ cause, state }) => cause === 'gd:line-1' && state === 'open');
    await incidentAt(centre, 'the incident at the centre', (incident) => incident.id === id);
    const [above, wall] = [await at(`/incidents/${id}`, 'manager'), await at('/wall', 'manager')];
    await shown(above.page, '本级仅知悉，不告知任何人；由产生该事件的节点告知。');
    expect(await above.page.getByRole('button', { name: /受理/ }).count()).toBe(0);
    await wall.page.locator('.wall-incident').getByText('gd 处置').waitFor();
    expect(await wall.page.getByText('起未受理').count()).toBe(0);
    await look('told', `/incidents/${id}`, 'manager');
    const below = await at(`/incidents/${id}`, 'province');
    await act(below.page, 'e', '请协调运营商');
    await shown(below.page, '已上报上级');
    // Both pages of the centre were open all the time.
    await above.page.getByRole('button', { name: /受理/ }).waitFor({ timeout: SEEN_MS });
    await shown(above.page, '请协调运营商');
    await shown(wall.page, '1 起未受理');
    await act(above.page, 'a');
    await below.page.locator('.tiers').getByText('zhang.wei').waitFor({ timeout: SEEN_MS });
    await look('taken', `/incidents/${id}`, 'manager');
    await wire.restore(LINE);
    await above.page.locator('.incident-head .incident-resolved').waitFor({ timeout: SEEN_MS });
    for (const { complaints } of [above, wall, below]) expect(complaints).toEqual({ errors: [], violations: [] });
  });

  it('hands an incident of the centre down, where somebody sends it back, and then accepts it', async () => {
    const { centre, province, wire } = country;
    await wire.silence(LANDING);
    const id = await incidentAt(centre, 'the incident of the landing device', ({ cause }) => cause === 'cn:landing-gd');
    const dialog = async (page: Page) => {
      await page.locator('.incident-head').waitFor();
      await press(page, /^(交下级|Hand down)/);
    };
    await look('hand-down', `/incidents/${id}`, 'manager', dialog);
    const above = await at(`/incidents/${id}`, 'manager');
    await act(above.page, 'g', 'Tab', 'Tab', '请到现场检查');
    await shown(above.page, /等待答复/);
    await incidentAt(province, 'what was handed down', (incident) => incident.id === id && incident.offeredFrom === 'cn');
    const below = await at(`/incidents/${id}`, 'province');
    await shown(below.page, '请到现场检查');
    await look('offered', `/incidents/${id}`, 'province');
    await act(below.page, 'n', '不在本省维护范围');
    await shown(above.page, '不在本省维护范围');
    await act(above.page, 'g', 'Tab', 'Tab', '发错了省');
    await below.page.getByRole('button', { name: /接受交办/ }).waitFor({ timeout: SEEN_MS });
    await act(above.page, 'b', '应由外省处置');
    await below.page.getByRole('button', { name: /接受交办/ }).waitFor({ state: 'hidden', timeout: SEEN_MS });
    await shown(below.page, '应由外省处置');
    await act(above.page, 'g', 'Tab', 'Tab', '设备在贵省机房');
    await below.page.getByRole('button', { name: /接受交办/ }).waitFor({ timeout: SEEN_MS });
    await act(below.page, 'y');
    await shown(above.page, /已接受/);
    await above.page.locator('.tiers').getByText('li.na').waitFor({ timeout: SEEN_MS });
    for (const { complaints } of [above, below]) expect(complaints).toEqual({ errors: [], violations: [] });
    await wire.restore(LANDING);
    await below.page.locator('.incident-head .incident-resolved').waitFor({ timeout: SEEN_MS });
  });

  it('says of a province that is not heard that it is blind, not that it is down, and what it sees of it', async () => {
    const { centre, wire } = country;
    const [wall, nodes] = [await at('/wall', 'manager'), await at('/nodes', 'manager')];
    const tile = wall.page.locator('[data-division="cn.gd"]');
    await tile.getByText('正常').waitFor({ timeout: SEEN_MS });
    await wire.silence(LISTENER);
    await tile.getByText('落地可达').waitFor({ timeout: SEEN_MS });
    expect(await tile.getAttribute('class')).toContain('tile-unknown');
    await tile.getByText('失联').first().waitFor();
    await nodes.page.getByRole('row').filter({ hasText: 'gd' }).getByText('失联').waitFor({ timeout: SEEN_MS });
    const link = await incidentAt(centre, 'the incident of the link', ({ kind, state }) => kind === 'link' && state === 'open');
    await look('silent-wall', '/wall', 'manager');
    await look('silent-tile', '/wall', 'manager', (page) => page.locator('[data-division="cn.gd"]').click());
    await look('silent-nodes', '/nodes', 'manager');
    await look('silent-node', '/nodes/gd', 'manager');
    await look('silent-object', '/objects/gd%3Aline-1', 'manager');
    await look('silent-objects', '/objects?division=cn.gd', 'manager');
    await look('silent-incident', `/incidents/${link}`, 'manager');
    await wire.restore(LISTENER);
    await nodes.page.getByRole('row').filter({ hasText: 'gd' }).getByText('在线').waitFor({ timeout: SEEN_MS });
    await tile.getByText('正常').waitFor({ timeout: SEEN_MS });
    const over = async () => (await centre.product.api.incident(link)).state === 'resolved';
    await waitFor(over, { timeoutMs: SEEN_MS, intervalMs: 250, what: 'the incident of the link to be over' });
    await look('node', '/nodes/gd', 'manager');
    await look('own-node', '/nodes/gd', 'province');
    for (const { complaints } of [wall, nodes]) expect(complaints).toEqual({ errors: [], violations: [] });
  });
});
