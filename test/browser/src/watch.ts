import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What a page did that it must not: scripts that failed, and what the Content-Security-Policy stopped. */
export interface Complaints {
  readonly errors: string[];
  readonly violations: string[];
}

// Answers other than 200; and a header that counts over HTTPS only, of which Chromium complains where a laboratory has none.
const EXPECTED = /^Failed to load resource|Cross-Origin-Opener-Policy header has been ignored/;

/** Listens to a page from now on. Answers of the API other than 200 are the page's own affair and no complaint. */
export async function watch(page: Page): Promise<Complaints> {
  const complaints: Complaints = { errors: [], violations: [] };
  await page.exposeFunction('beacontowerTold', (text: string) => void complaints.violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
      const tell = (window as unknown as { beacontowerTold(text: string): void }).beacontowerTold;
      tell(`${location.pathname}: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
    });
  });
  page.on('pageerror', (error) => void complaints.errors.push(`${page.url()}: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) {
      complaints.errors.push(`${page.url()}: ${message.text().slice(0, 500)}`);
    }
  });
  return complaints;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Rules of WCAG 2.2 AA that the page breaks, each with where. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // By the debugger's own channel: the page's policy lets no such script in.
  await page.evaluate(AXE);
  const results = await page.evaluate(
    (values) =>
      (window as unknown as { axe: { run(where: Document, options: unknown): Promise<AxeResults> } }).axe.run(document, {
        runOnly: { type: 'tag', values },
        resultTypes: ['violations'],
      }),
    TAGS,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 5).map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none][0]?.message ?? '';
      return `${id} ${target.join(' ')}: ${why}`;
    }),
  );
}
