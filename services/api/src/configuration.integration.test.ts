/** The configuration in force, and what another one would change: without a secret, and without a change. */
import { ConfigurationInForce, ConfigurationPlan } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkText } from './configuration/check.ts';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, objectBody, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;

const CONFIGURATION =
  'node: {id: bj, name: 北京, division: cn}\nzones: [{id: z, anchors: [127.0.0.1]}]\ndevices:\n  - {id: r1, name: R1, addresses: {ipv4: 127.0.0.2}}\n';

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'object', objectBody('bj:gd', 'cn.gd'));
  await insertEntity(database, 'object', objectBody('bj:hn', 'cn.hn'));
  const insert = (entity: string, body: { id: string } & Record<string, unknown>) =>
    database.query(
      "INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ($1, $2, 'file', $3, 0, 0, 't')",
      [entity, body.id, body],
    );
  await insert('credential', { id: 'c', version: '2c', sealed: 'the-seal-itself', summary: 'v2c' });
  await insert('channel', {
    id: 'g',
    kind: 'gateway',
    url: 'https://user:pw@sms.cn/send?key=a-token',
    headers: { x: 'a-header' },
    query: 'k=a-query',
  });
  app = await harness.app();
});
afterAll(() => harness?.close());

const plan = async (text: string, token?: string) =>
  app.inject({ method: 'POST', url: '/api/v1/configuration/plan', headers: bearer(token), payload: { text } });
const rows = async () => (await harness.database.query('SELECT count(*) FROM inventory')).rows[0];

describe('in force', () => {
  it('shows every kind with its origins, and no secret', async () => {
    const answer = await app.inject({ url: '/api/v1/configuration', headers: bearer() });
    const shown = ConfigurationInForce.parse(answer.json());
    expect(shown.kinds.find(({ kind }) => kind === 'object')).toMatchObject({ total: 2, byOrigin: { file: 2 } });
    expect(shown.kinds.map(({ kind }) => kind)).toEqual(['channel', 'credential', 'object']);
    expect(answer.body).not.toMatch(/the-seal-itself|a-token|a-header|a-query|pw@/);
  });

  it('shows a province its own alone', async () => {
    const token = await createToken(app, ['system-administrator'], ['cn.gd']);
    const answer = await app.inject({ url: '/api/v1/configuration', headers: bearer(token) });
    const shown = ConfigurationInForce.parse(answer.json());
    expect(shown.kinds).toMatchObject([{ kind: 'object', total: 1, items: [{ id: 'bj:gd' }] }]);
    expect((await plan(CONFIGURATION, token)).statusCode).toBe(403);
  });

  it('is for the system administrator', async () => {
    const token = await createToken(app, ['operator'], ['']);
    expect((await app.inject({ url: '/api/v1/configuration', headers: bearer(token) })).statusCode).toBe(403);
    expect((await plan(CONFIGURATION, token)).statusCode).toBe(403);
  });
});

describe('plan', () => {
  it('tells what would be added, changed and removed, and changes nothing', async () => {
    const before = await rows();
    const answer = ConfigurationPlan.parse((await plan(CONFIGURATION)).json());
    expect(answer).toMatchObject({ problems: [], refused: [], credentialsCompared: true });
    expect(answer.changes).toEqual(
      expect.arrayContaining([
        { change: 'added', kind: 'object', id: 'bj:r1', fields: [] },
        { change: 'removed', kind: 'object', id: 'bj:gd', fields: [] },
      ]),
    );
    expect(answer.removed).toBe(4);
    expect(await rows()).toEqual(before);
  });

  it('goes on answering others while a text is checked that takes long, and lists so many faults only', { timeout: 120_000 }, async () => {
    let answered = false;
    const planned = plan(`devices:\n${' - {id: a}\n'.repeat(4_000)}`).finally(() => {
      answered = true;
    });
    let waited = 0;
    for (let asked = performance.now(); !answered; asked = performance.now()) {
      await app.inject({ url: '/healthz' });
      await new Promise((resolve) => setTimeout(resolve, 20));
      waited = Math.max(waited, performance.now() - asked);
    }
    const answer = await planned;
    expect([200, 422]).toContain(answer.statusCode);
    if (answer.statusCode === 200) {
      const { problems } = ConfigurationPlan.parse(answer.json());
      expect(problems).toHaveLength(1_001);
      expect(problems.at(-1)?.message).toMatch(/^and \d+ more/);
    }
    expect(waited).toBeLessThan(5_000);
  });

  it('gives a text up that takes too long', async () => {
    const job = { text: `devices:\n${' - {id: a}\n'.repeat(40_000)}`, holidays: [], divisionCodes: null, now: 0, mostFaults: 1 };
    await expect(checkText(job, 10)).rejects.toMatchObject({ status: 422, code: 'configuration-too-dear' });
  });

  it('names every fault with its line in both languages, and reads no secret', async () => {
    const bad = CONFIGURATION.replace('127.0.0.2', '"::1"');
    const { problems } = ConfigurationPlan.parse((await plan(bad)).json());
    expect(problems).toMatchObject([{ line: 4, path: 'devices[0].addresses.ipv4', message: expect.stringContaining('an IPv6 address') }]);
    expect(problems[0]?.messageZh).toMatch(/IPv6/);
    const channel = `${CONFIGURATION}channels:\n  - {id: w, kind: webhook, url: "https://x.cn/", secret: {file: /etc/hostname}}\n`;
    const { warnings, problems: none } = ConfigurationPlan.parse((await plan(channel)).json());
    expect([...warnings, ...none].filter(({ message }) => message.includes('hostname'))).toEqual([]);
  });

  it('says why apply would refuse it', async () => {
    const { refused } = ConfigurationPlan.parse((await plan(CONFIGURATION.replace('id: bj', 'id: sh'))).json());
    expect(refused.join()).toContain('this database belongs to the node "bj"');
  });

  it.each([[''], ['\u0000'], ['{{{'], ['a: &a [*a]']])('answers %j with a fault or a refusal, not with a failure', async (text) => {
    const answer = await plan(text);
    if (text === '' || text === '\u0000') expect(answer.statusCode).toBe(400);
    else expect(ConfigurationPlan.parse(answer.json()).problems).not.toEqual([]);
  });
});
