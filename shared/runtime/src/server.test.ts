import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { reachableBy } from './server.ts';

const path = process.env['PATH'];
const directory = mkdtempSync(join(tmpdir(), 'bt-server-'));
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(directory, { recursive: true });
});

it('reachableBy is not misled by another program of the name "test" in PATH', () => {
  const own = join(directory, 'test');
  writeFileSync(own, '#!/bin/sh\nexit 9\n');
  chmodSync(own, 0o755);
  process.env['PATH'] = `${directory}:${path}`;
  mkdirSync(join(directory, "it's here"));
  expect(reachableBy(null, join(directory, "it's here"))).toBe(true);
  expect(reachableBy(null, join(directory, 'not here'))).toBe(false);
});
