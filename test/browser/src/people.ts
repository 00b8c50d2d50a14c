import type { Page } from 'playwright-core';

/** Words of the pages by which tests find their way, in Chinese: the language that is shown first. */
export const ZH = {
  name: '用户名',
  password: '口令',
  signIn: '登录',
  next: '新口令',
  again: '再输一遍新口令',
  change: '设置新口令',
  code: '验证码或恢复码',
  confirm: '确认',
  refused: '用户名或口令不对',
} as const;

/** Gives name and password, and presses the button. */
export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel(ZH.name, { exact: true }).fill(name);
  await page.getByLabel(ZH.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: ZH.signIn, exact: true }).first().click();
}

/** Chooses a new password where one must be chosen. */
export async function chooseNew(page: Page, current: string, next: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: ZH.change }).waitFor();
  await page.getByLabel(/^当前口令/).fill(current);
  await page.getByLabel(ZH.next, { exact: true }).fill(next);
  await page.getByLabel(ZH.again, { exact: true }).fill(next);
  await page.getByRole('button', { name: ZH.change }).click();
}

/** Sets up a second factor where one must be; resolves with its secret and recovery codes. */
export async function enrol(
  page: Page,
  codeOf: (secret: string) => string,
  look: (step: 'enrol' | 'recovery-codes') => Promise<void> = async () => undefined,
): Promise<{ secret: string; recovery: string[] }> {
  await page.getByRole('button', { name: '开始绑定' }).click();
  const secret = ((await page.locator('.secret-text').textContent()) ?? '').replaceAll(/\s/g, '');
  await look('enrol');
  await page.getByLabel(/6 位数字/).fill(codeOf(secret));
  await page.getByRole('button', { name: ZH.confirm }).click();
  await page.locator('.code-grid li').first().waitFor();
  const recovery = await page.locator('.code-grid li').allTextContents();
  await look('recovery-codes');
  await page.getByRole('button', { name: '我已妥善保存' }).click();
  return { secret, recovery };
}
