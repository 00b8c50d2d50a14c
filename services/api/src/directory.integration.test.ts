import { Directory } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  const target = { channel: 'mail', address: 'li@example.net', fallbacks: [] };
  await insertEntity(database, 'contact', {
    id: 'gd-noc',
    name: '广东值班',
    language: 'zh',
    targets: [target],
    quiet: null,
    accounts: ['operator of cn.gd'],
  });
  await insertEntity(database, 'contact', {
    id: 'other',
    name: '他人',
    language: 'zh',
    targets: [target],
    quiet: null,
    accounts: ['wang'],
  });
  await insertEntity(database, 'party', { id: 'carrier-a', name: '运营商甲', nameEn: 'Carrier A', tier: 'carrier' });
  for (const [id, name] of [
    ['cn', '全国'],
    ['cn.gd', '广东'],
    ['cn.gd.gz', '广州'],
    ['cn.bj', '北京'],
  ] as const)
    await insertEntity(database, 'division', { id, name, nameEn: null, code: null });
  const accounts: readonly [string, string, string[], string[], number | null][] = [
    ['li', '李', ['operator'], ['cn.gd'], null],
    ['bj', '京', ['operator'], ['cn.bj'], null],
    ['all', '国家值班', ['duty-manager'], [''], null],
    ['gone', '离任', ['operator'], ['cn.gd'], NOW],
    ['sec', '安全', ['security-administrator'], [''], null],
  ];
  for (const [index, [name, displayName, roles, divisions, disabledAt]] of accounts.entries()) {
    await database.query(
      `INSERT INTO accounts (id, name, display_name, roles, divisions, disabled_at, created_at, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'test')`,
      [`00000000-0000-4000-8000-00000000000${index}`, name, displayName, roles, divisions, disabledAt, NOW],
    );
  }
  app = await harness.app();
});
afterAll(() => harness?.close());

async function read(token?: string): Promise<Directory> {
  const answer = await app.inject({ url: '/api/v1/directory', headers: bearer(token) });
  expect(answer.statusCode).toBe(200);
  return Directory.parse(answer.json());
}

describe('GET /api/v1/directory', () => {
  it('names what there is, without the addresses of anybody', async () => {
    const directory = await read();
    expect(directory.contacts.map(({ id }) => id)).toEqual(['gd-noc', 'other']);
    expect(JSON.stringify(directory)).not.toContain('li@example.net');
    expect(directory.parties).toEqual([{ id: 'carrier-a', name: '运营商甲', nameEn: 'Carrier A' }]);
    expect(directory.divisions.map(({ id }) => id)).toEqual(['cn', 'cn.bj', 'cn.gd', 'cn.gd.gz']);
    // Neither who has left, nor who may not act on incidents.
    expect(directory.accounts.map(({ name }) => name)).toEqual(['all', 'bj', 'li']);
  });

  it('shows a province neither the divisions nor the people of another', async () => {
    const directory = await read(await createToken(app, ['operator'], ['cn.gd']));
    expect(directory.divisions.map(({ id }) => id)).toEqual(['cn', 'cn.gd', 'cn.gd.gz']);
    expect(directory.accounts.map(({ name }) => name)).toEqual(['all', 'li']);
  });

  it('says by which names one may be called', async () => {
    expect((await read()).me).toEqual(['bootstrap']);
    const token = await createToken(app, ['operator'], ['cn.gd']);
    expect((await read(token)).me).toEqual(['operator of cn.gd', 'gd-noc']);
  });

  it('asks for a token', async () => {
    expect((await app.inject({ url: '/api/v1/directory' })).statusCode).toBe(401);
  });
});
