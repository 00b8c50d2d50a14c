import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../context.ts';
import { type Harness, startHarness } from '../test-harness.ts';
import { Browser, makeAccount } from './account.fixture.ts';

let harness: Harness;
let app: App;
let system: Browser;
let security: Browser;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
  await harness.database.query('INSERT INTO access_policy (body, revision, changed_at, changed_by) VALUES ($1, 1, 0, $2)', [
    JSON.stringify({ secondFactor: 'optional' }),
    'test',
  ]);
  await makeAccount(harness, 'system', { roles: ['system-administrator'] });
  await makeAccount(harness, 'security', { roles: ['security-administrator'] });
  [system, security] = [new Browser(app), new Browser(app)];
  await system.signIn('system');
  await security.signIn('security');
}, 60_000);
afterAll(() => harness.close());

it.each(['security-administrator', 'audit-administrator'])(
  'an account is not given %s while another knows its one-time password',
  async (role) => {
    const { id } = (await system.ask('POST', '/accounts', { name: `new-${role}`, displayName: 'x' })).body;
    const { password } = (await system.ask('POST', `/accounts/${id}/password`)).body;
    const give = (...roles: string[]) => security.ask('PUT', `/accounts/${id}/rights`, { roles, divisions: [''] }, { 'if-match': '*' });
    const refused = await give(role);
    expect([refused.status, refused.body.code]).toEqual([409, 'one-time-password-held']);
    expect(refused.body.detail).toContain(`new-${role} still has a one-time password`);
    expect((await give('duty-manager')).status).toBe(200);
    const own = new Browser(app);
    await own.signIn(`new-${role}`, password);
    expect((await own.ask('POST', '/session/password', { current: password, next: 'lamp-Rain-82-window' })).status).toBe(200);
    expect((await give(role)).status).toBe(200);
    // And then it is too late to set another.
    expect((await system.ask('POST', `/accounts/${id}/password`)).body.code).toBe('on-the-machine');
  },
);
