import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { findReport } from '@beacontower/database';
import { waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askFor, putBackbone, type ReportingHarness, startReportingHarness } from '../reporting.fixture.ts';

const CHILD = fileURLToPath(new URL('../child.fixture.ts', import.meta.url));
let harness: ReportingHarness;
const children: ChildProcess[] = [];

beforeAll(async () => {
  harness = await startReportingHarness();
  await putBackbone(harness.database);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await harness?.close();
});

function start(): ChildProcess {
  const { databaseUrl, redis } = harness;
  const arguments_ = ['--import', 'tsx', '--conditions=@beacontower/source', CHILD, databaseUrl, redis.url, 'killed/report'];
  const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'inherit', 'inherit'] });
  children.push(child);
  return child;
}

it('a process killed in the middle of a report leaves it to the next one of its slot, which makes it whole', {
  timeout: 120_000,
}, async () => {
  const id = randomUUID();
  // A few files: it is being made for some seconds.
  await askFor(harness.database, id, { formats: ['docx', 'pdf', 'csv'] });
  const reportOf = () => findReport(harness.database, id, ['']);
  const first = start();
  await waitFor(async () => ((await reportOf())?.progress ?? 0) > 0, { what: 'a report under way', timeoutMs: 60_000 });
  first.kill('SIGKILL');
  expect(await reportOf()).toMatchObject({ state: 'running', attempt: 1, files: [] });
  start();
  const done = await waitFor(async () => ((await reportOf())?.state === 'done' ? reportOf() : undefined), {
    what: 'the report',
    timeoutMs: 90_000,
  });
  expect(done).toMatchObject({ attempt: 2, progress: 100 });
  expect(done?.files.length).toBe(3);
  const kept = await harness.database.query<{ count: number }>("SELECT count(*) AS count FROM artifacts WHERE kind = 'report'");
  expect(kept.rows[0]?.count).toBe(3);
});
