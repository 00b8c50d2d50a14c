/** `scripts/demo`. */
import { type DemoOutput, runDemo } from './demo.ts';
import { runFederatedDemo } from './federation.ts';
import { HELP, parseOptions } from './options.ts';

const HOME_AND_CLEAR = '\u001b[H\u001b[2J\u001b[3J';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? '');
  if (options === null) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  let last = '';
  const out: DemoOutput = {
    say: (line) => process.stderr.write(`${line}\n`),
    show(board) {
      last = board;
      if (process.stdout.isTTY && !options.once) process.stdout.write(`${HOME_AND_CLEAR}${board}\n`);
    },
  };
  const summary = options.federation ? await runFederatedDemo(options, out, stopping.signal) : await runDemo(options, out, stopping.signal);
  // Where there is no screen to redraw, the last board is what is left of the run.
  if (!options.json && (options.once || !process.stdout.isTTY)) process.stdout.write(`${last}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`beacontower: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
