/**
 * Screenshots for people who work on a page, with what axe and the policy have against it:
 *   node --import tsx --conditions=@beacontower/source test/browser/src/look.ts URL TOKEN DIRECTORY PATH…
 * CONSOLE_VIEWS narrows it: `dark-zh,light-en`; CONSOLE_SIZE=1366x768.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, openContext, untilShown, VIEWS } from './browser.ts';
import { accessibilityFaults, watch } from './watch.ts';

const [url, token, directory, ...paths] = process.argv.slice(2);
if (!url || token === undefined || !directory) throw new Error('look.ts URL TOKEN DIRECTORY PATH…');
const [width = 1440, height = 900] = (process.env.CONSOLE_SIZE ?? '').split('x').filter(Boolean).map(Number);
const wanted = process.env.CONSOLE_VIEWS?.split(',');
mkdirSync(directory, { recursive: true });
const browser = await launchBrowser();
for (const view of VIEWS) {
  const name = `${view.theme}-${view.language}`;
  if (wanted && !wanted.includes(name)) continue;
  const context = await openContext(browser, url, { ...view, width, height, ...(token === '' ? {} : { token }) });
  for (const path of paths) {
    const page = await context.newPage();
    const complaints = await watch(page);
    await page.goto(path);
    await untilShown(page).catch((error: Error) => complaints.errors.push(error.message));
    await page.waitForTimeout(800);
    const file = join(directory, `${path.replaceAll(/[^\w]+/g, '_').replace(/^_|_$/g, '') || 'home'}.${name}.png`);
    await page.screenshot({ path: file });
    const faults = await accessibilityFaults(page);
    process.stdout.write(`${[file, ...faults, ...complaints.violations, ...complaints.errors].join('\n  ')}\n`);
    await page.close();
  }
  await context.close();
}
await browser.close();
