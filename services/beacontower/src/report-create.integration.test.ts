import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createCommand } from './report-create.ts';

let stand: TestDatabase;
let directory: string;

beforeAll(async () => {
  [stand, directory] = await Promise.all([startDatabase(), mkdtemp(join(tmpdir(), 'bt-create-'))]);
  vi.stubEnv('BEACONTOWER_DATABASE_URL', stand.server.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([stand?.stop(), rm(directory, { recursive: true, force: true })]);
});

const create = (...args: string[]) => createCommand(['--period', '2018-H1', '--division', 'cn', '--format', 'csv', ...args]);

test('what cannot be written is said in words, and leaves no half file', async () => {
  await stand.database.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
     VALUES ('division', 'cn', 'file', '{"id": "cn", "name": "全国", "nameEn": null, "code": null}', 0, 0, 'test')`,
  );
  await writeFile(join(directory, 'file'), '');
  await expect(create('--out', join(directory, 'file', 'reports'))).rejects.toThrow(/^--out: .* cannot be written \(ENOTDIR\)/);
  const out = join(directory, 'reports');
  await mkdir(join(out, '可用率报告-全国-2018-H1.csv'), { recursive: true });
  await expect(create('--out', out, '--language', 'zh')).rejects.toThrow(/^--out: .* cannot be written \(E\w+\)/);
  expect(await readdir(out)).toEqual(['可用率报告-全国-2018-H1.csv']);
});

test('a division that there is not is a fault, and no report without outages', async () => {
  await expect(createCommand(['--period', '2018-H1', '--division', 'cn.atlantis'])).rejects.toThrow(
    /^--division: there is no division "cn.atlantis"; expected a path/,
  );
});
