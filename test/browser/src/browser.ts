import { existsSync } from 'node:fs';
import { readEnvironment } from '@beacontower/runtime';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's Chromium; `scripts/test --browser` installs it. */
export const CHROMIUM = '/usr/bin/chromium';

/**
 * True when the browser is there. When it is not: on a build server (CI=true) an error; elsewhere a loud line, and false, for
 * `describe.runIf(browserPresent())`.
 */
export function browserPresent(): boolean {
  if (existsSync(CHROMIUM)) return true;
  const line = `*** ${CHROMIUM} MISSING: browser tests DO NOT RUN; scripts/test --browser installs it ***`;
  if (readEnvironment().ci) throw new Error(line);
  process.stderr.write(`\n${line}\n`);
  return false;
}

/** Chromium without a screen. The sandbox needs rights that a container's root has not; only our own pages are opened. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage', '--lang=zh-CN'] });
}

export interface View {
  readonly theme: 'dark' | 'light';
  readonly language: 'zh' | 'en';
  readonly width?: number;
  readonly height?: number;
  /** Sent as a bearer token with every request, in place of signing in. */
  readonly token?: string;
}

/** Both themes in both languages. */
export const VIEWS: readonly View[] = [
  { theme: 'dark', language: 'zh' },
  { theme: 'light', language: 'zh' },
  { theme: 'dark', language: 'en' },
  { theme: 'light', language: 'en' },
];

/** A person's browser of its own: its cookies, its kept choices. */
export async function openContext(browser: Browser, url: string, view: View): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: view.width ?? 1440, height: view.height ?? 900 },
    locale: view.language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: view.theme,
    reducedMotion: 'reduce',
    ...(view.token === undefined ? {} : { extraHTTPHeaders: { authorization: `Bearer ${view.token}` } }),
  });
  await context.addInitScript(({ theme, language }) => {
    localStorage.setItem('beacontower.theme', theme);
    localStorage.setItem('beacontower.language', language);
  }, view);
  return context;
}

/** Waits until the page has its heading and asks for nothing more (the live stream never ends and is not waited for). */
export async function untilShown(page: Page, timeoutMs = 15_000): Promise<void> {
  await page.locator('h1, [data-page]').first().waitFor({ timeout: timeoutMs });
  await page.waitForFunction(() => document.querySelector('.part-loading, .ant-spin-spinning, [aria-busy="true"]') === null, undefined, {
    timeout: timeoutMs,
  });
}
