import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { accessibilityFaults, type Complaints } from './watch.ts';

const DIRECTORY = fileURLToPath(new URL('../../../.cache/screenshots', import.meta.url));

/** Leaves a picture of a page as it looks now, for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(DIRECTORY, { recursive: true });
  await page.screenshot({ path: join(DIRECTORY, `${name}.png`) });
}

/** A picture, and what is wrong with what it shows: rules of WCAG 2.2 AA, failing scripts, what the policy stopped. */
export async function lookAt(page: Page, complaints: Complaints, name: string): Promise<string[]> {
  await picture(page, name);
  return [...(await accessibilityFaults(page)), ...complaints.errors.splice(0), ...complaints.violations.splice(0)];
}
