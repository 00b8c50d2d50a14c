import type { Page } from 'playwright-core';
import type { Shown } from './pages.ts';

/** A button of the page by its words in either language. */
const press = (page: Page, words: RegExp) => page.getByRole('button', { name: words }).first().click();
/** A key of the incident's page, and the dialog that it opens. */
const byKey = (key: string) => async (page: Page) => {
  await page.locator('.incident-head').waitFor();
  // The page listens from after it was painted.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  await page.keyboard.press(key);
};

/** What opens above a page: each is looked at as any page is. Incidents: one that goes on, and one that is over. */
export function dialogs(openIncident: string, resolvedIncident: string): Shown[] {
  const open = `/incidents/${openIncident}`;
  return [
    ...Object.entries({ acknowledge: 'a', assign: 's', comment: 'c', merge: 'm', resolve: 'r', keys: '?' }).map(([name, key]) => ({
      name: `incident-${name}`,
      path: open,
      open: byKey(key),
    })),
    { name: 'incident-close', path: `/incidents/${resolvedIncident}`, open: byKey('x') },
    { name: 'wall-tile', path: '/wall', open: (page) => page.locator('[data-division="cn.p1"]').click() },
    { name: 'maintenance-form', path: '/plans?new=1&division=cn.p1' },
    { name: 'silence-form', path: '/plans?tab=silences&new=1&division=cn.p1' },
    { name: 'evidence', path: '/availability/everything', open: (page) => press(page, /^(证据|Evidence): /) },
    { name: 'reclassify', path: '/availability/everything', open: (page) => press(page, /^(重新认定|Reclassify): /) },
    { name: 'report-order', path: '/reports', open: (page) => press(page, /^(生成报告|Make a report)$/) },
    { name: 'period-close', path: '/periods', open: (page) => press(page, /^(封存周期|Close a period)$/) },
    { name: 'account-new', path: '/accounts', open: (page) => press(page, /^(新建账号|New account)$/) },
    { name: 'account', path: '/accounts', open: (page) => press(page, /^(账号|Account) someone$/) },
    {
      name: 'account-one-time',
      path: '/accounts',
      open: async (page) => {
        await press(page, /^(账号|Account) someone$/);
        for (let pressed = 0; pressed < 2; pressed++) await press(page, /^(重置口令|Reset the password)$/);
        await page.locator('dialog code.once').waitFor();
      },
    },
    {
      name: 'rights',
      path: '/accounts',
      who: 'security',
      open: async (page) => {
        await press(page, /^(账号|Account) someone$/);
        await press(page, /^(授予角色与范围|Give roles and divisions)$/);
      },
    },
  ] satisfies readonly Shown[];
}
