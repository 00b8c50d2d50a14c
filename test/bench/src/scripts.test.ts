import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = (command: string, ...args: string[]) => spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', timeout: 30_000 });
const runSource = (file: string, ...args: string[]) =>
  run(process.execPath, '--import', 'tsx', '--conditions=@beacontower/source', `test/bench/src/${file}`, ...args);

it.each([
  ['scripts/bench', '--only NAME'],
  ['scripts/crash', '--points N'],
  ['scripts/soak', '--targets N'],
  ['scripts/test', '--unit'],
])('%s --help tells what there is and does nothing', (script, option) => {
  const { status, stdout, stderr } = run(script, '--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(option);
});

it.each([
  ['main.ts', ['--nonsense'], /Unknown option '--nonsense'.*--help/],
  ['main.ts', ['--only', 'nothing'], /no benchmark "nothing"; there are availability/],
  ['soak.ts', ['--seconds', 'ten'], /--seconds "ten": expected a whole number/],
  ['soak.ts', ['--nonsense'], /Unknown option '--nonsense'.*--help/],
])('%s %j is refused in one line, without a stack', { timeout: 30_000 }, (file, args, says) => {
  const { status, stderr } = runSource(file, ...args);
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(says)]);
});

it('npm draws no spinner over the lines of the scripts', () => {
  const calls = readFileSync(`${ROOT}scripts/lib.sh`, 'utf8').match(/^ *npm (ci|install) .*/gm) ?? [];
  expect(calls).toHaveLength(3);
  expect(calls.filter((call) => !call.includes('--no-progress'))).toEqual([]);
});
