import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OUTAGE_COLUMNS } from '@beacontower/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FaultList, hashFile, readCsv } from './import-csv.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bt-csv-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('a pipe, which nobody can read twice, is refused and not waited for', async () => {
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(hashFile(pipe)).rejects.toThrow(/no file \(a pipe\?\)/);
});

test('a heading is told without what would change a terminal', async () => {
  const path = join(directory, 'headings.csv');
  await writeFile(path, 'object,from,to,\u001b[31mred\u0007\n');
  const faults = new FaultList(10);
  const lines = readCsv(path, { file: 'headings.csv', columns: OUTAGE_COLUMNS, needed: ['object', 'from', 'to'] }, faults);
  expect(await lines.next()).toMatchObject({ done: true });
  expect(faults.kept).toEqual([expect.objectContaining({ code: 'unknown-column', path: ' [31mred ' })]);
});
