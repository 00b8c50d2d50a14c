import { applyInventory, type Database } from '@beacontower/database';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createToken } from './tokens.ts';

let postgres: TestDatabase;
let database: Database;

beforeAll(async () => {
  postgres = await startDatabase();
  ({ database } = postgres);
  const node = { id: 'gd', name: 'GD', division: 'cn.gd', timeZone: 'UTC', language: 'en' as const };
  const division = { id: 'cn.gd', name: 'Guangdong', nameEn: null, code: null };
  const entities = [
    { entity: 'node' as const, id: 'gd', body: node },
    { entity: 'division' as const, id: 'cn.gd', body: division },
  ];
  await applyInventory(database, { entities, origin: 'file', partitions: null, expectedRetirements: null }, { now: 1, by: 'test' });
});
afterAll(async () => {
  await postgres.stop();
});

const create = (more: { name?: string; roles?: string[]; divisions?: string[] }) =>
  createToken(database, { name: 'me', roles: ['viewer'], divisions: [''], ...more }, 1);

it.each([[['']], [['cn.gd']], [['cn']]])('makes a token for %j', async (divisions) => {
  expect(await create({ divisions })).toMatch(/^\S{16,}$/);
});

it.each([
  [{ roles: ['boss'] }, '--role "boss": expected viewer, operator, duty-manager, system-administrator'],
  [{ divisions: ['cn.zz'] }, '--division "cn.zz": the inventory has no such division; there are cn.gd'],
  [{ divisions: ['cn.g'] }, '--division "cn.g": the inventory has no such division; there are cn.gd'],
  [{ name: ' ' }, '--name: expected 1 to 100 characters'],
])('refuses %j in words of the command line', async (more, message) => {
  await expect(create(more)).rejects.toThrow(message);
});
