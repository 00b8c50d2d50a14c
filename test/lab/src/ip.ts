import { spawn } from 'node:child_process';

/** A moment that lies in `[before, after]`, epoch milliseconds with fractions: the command was run between the two. */
export interface Moment {
  readonly before: number;
  readonly after: number;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end and gives what it printed; rejects only when it cannot be started or outlives `timeoutMs`. */
export function run(command: string, args: readonly string[], input = '', timeoutMs = 30_000): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => undefined); // a command that ends without reading its input is no fault
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal !== null) reject(new Error(`${command} ${args.join(' ')} was ended by ${signal}: ${stderr.trim()}`));
      else resolve({ code, stdout, stderr });
    });
    child.stdin.end(input);
  });
}

/** As `run`, and rejects when the command fails. */
export async function must(command: string, args: readonly string[], input = ''): Promise<string> {
  const result = await run(command, args, input);
  if (result.code !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed (${result.code}): ${(result.stderr || result.stdout).trim()}`);
  }
  return result.stdout;
}

/** Feeds lines to one `ip -batch` process, in a namespace (full name) or, with null, in the host's. */
export async function ipBatch(namespace: string | null, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await must('ip', [...(namespace === null ? [] : ['-n', namespace]), '-batch', '-'], `${lines.join('\n')}\n`);
}

export interface BatchStep {
  readonly namespace: string;
  readonly lines: readonly string[];
}

/**
 * Runs batches one after another and says between which two moments that happened. The moments are taken by the shell that
 * starts `ip`, not by this process, whose event loop may be busy.
 */
export async function ipTimed(steps: readonly BatchStep[]): Promise<Moment> {
  const used = steps.filter((step) => step.lines.length > 0);
  const commands = used.map((step) => `ip -n ${step.namespace} -batch - <<'END' || exit 1\n${step.lines.join('\n')}\nEND\n`);
  const script = `set -e; LC_ALL=C; echo "$EPOCHREALTIME"\n${commands.join('')}echo "$EPOCHREALTIME"\n`;
  const [before, after] = (await must('bash', ['-s'], script)).trim().split('\n').map(Number);
  if (before === undefined || after === undefined) throw new Error('the shell did not say when the links were changed');
  return { before: before * 1000, after: after * 1000 };
}
