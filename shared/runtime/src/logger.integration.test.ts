import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const LOG = [
  `import { createLogger } from '${new URL('./logger.ts', import.meta.url).pathname}';`,
  "createLogger({ name: 'judge', level: 'info' }).error({ err: new Error('gone'), token: 'hidden-value' }, 'not sent');",
].join('\n');
const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', LOG];
const quoted = node.map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(' ');

it('writes JSON lines to a file or a pipe', () => {
  const [program = '', ...args] = node;
  const { stderr } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' });
  expect(JSON.parse(stderr)).toMatchObject({
    level: 'error',
    name: 'judge',
    msg: 'not sent',
    token: '[redacted]',
    err: { message: 'gone' },
  });
});

it('writes short lines for a person to a terminal', () => {
  const { stdout } = spawnSync('script', ['--quiet', '--return', '--command', quoted, '/dev/null'], { cwd: ROOT, encoding: 'utf8' });
  expect(stdout.trim()).toMatch(/^\d\d:\d\d:\d\d error judge: not sent: gone \(token=\[redacted\]\)$/);
});
