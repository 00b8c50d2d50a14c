import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Runs in a process of its own, which has no file to spare. */
const SCRIPT = `
  import { openSync } from 'node:fs';
  import { SYS_UPTIME, testTransport } from './test-helpers.ts';
  const { transport } = testTransport({ sockets: 1 });
  const target = { address: '127.0.0.1', port: 9, secret: { version: '2c', community: 'public' } };
  const conversation = transport.conversation(target);
  try { for (;;) openSync('/dev/null'); } catch {}
  const outcomes = [];
  for (let ask = 0; ask < 3; ask++) outcomes.push(await conversation.get([SYS_UPTIME], { timeoutMs: 5_000 }));
  outcomes.push(transport.health());
  await transport.stop();
  process.stdout.write(JSON.stringify(outcomes));
`;

describe('a process that may open no further file', () => {
  it('says so at each request, at once', async () => {
    const node = [
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      '--conditions=@beacontower/source',
      '--input-type=module',
      '-e',
      SCRIPT,
    ];
    const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -n 256; exec "$@"', 'sh', ...node], { cwd: HERE });
    const outcomes: unknown[] = JSON.parse(stdout);
    expect(outcomes.pop()).toMatchObject({ status: 'degraded', detail: expect.stringContaining('EMFILE') });
    expect(outcomes).toHaveLength(3);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ failure: 'send-failed', text: expect.stringContaining('EMFILE') });
  });
});
