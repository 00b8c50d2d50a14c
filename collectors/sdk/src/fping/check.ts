import { spawnSync } from 'node:child_process';
import { serverEnvironment, UserError } from '@beacontower/runtime';

const LEAST_MAJOR = 5;

/** Makes sure that fping is there, new enough and allowed to send. Throws a `UserError` of one line that says what to do. */
export function checkFping(path: string): string {
  const said = run(path, ['-v']);
  const version = /Version (\d+)\.(\S+)/i.exec(said.output);
  if (!version) throw new UserError(`"${path}" does not say which version of fping it is: install fping ${LEAST_MAJOR}.0 or newer`);
  if (Number(version[1]) < LEAST_MAJOR)
    throw new UserError(`fping ${version[1]}.${version[2]} is too old: install fping ${LEAST_MAJOR}.0 or newer`);
  const tried = run(path, ['-q', '-C', '1', '-t', '200', '127.0.0.1']);
  if (tried.status === null || tried.status > 2) throw withoutRights(path);
  return `${version[1]}.${version[2]}`;
}

function withoutRights(path: string): UserError {
  return new UserError(
    `fping may not send ICMP echo requests from this account: run "setcap cap_net_raw+ep $(command -v ${path})" as root, or start as root (in a container: with the capability NET_RAW)`,
  );
}

function run(path: string, args: readonly string[]): { status: number | null; output: string } {
  const result = spawnSync(path, args, { env: serverEnvironment(), encoding: 'utf8', timeout: 5_000 });
  const code = result.error && (result.error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') throw new UserError('fping is not installed: run "apt-get install fping"');
  if (code === 'EACCES') throw new UserError(`"${path}" may not be run by this account: give it the right to`);
  // The program's file capability lies outside what this process may ever have.
  if (code === 'EPERM') throw withoutRights(path);
  return { status: result.status, output: `${result.stdout}${result.stderr}` };
}
