import { formatListen, type ListenAddress } from '@beacontower/runtime';
import { VERSION } from './version.ts';

/** One line for the person at the terminal. The structured log goes to standard error; this goes to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What a person wants to know once the node is ready: where things are, and how to end it. */
export function greet(ready: {
  readonly listen: ListenAddress;
  /** With a certificate the API speaks HTTPS alone. */
  readonly https: boolean;
  readonly dataDirectory: string;
  /** From the start of this process. */
  readonly tookMs: number;
  readonly watched: string;
  readonly token: string;
  /** Where nodes below report to; null: none do. */
  readonly federation: { readonly listen: ListenAddress; readonly names: readonly string[] } | null;
  /** The file that holds the first passwords; null: they are changed, or there never were any. */
  readonly firstPasswords: string | null;
}): void {
  const { listen, https, dataDirectory, tookMs, watched, token, federation, firstPasswords } = ready;
  const anywhere = listen.host === '::' || listen.host === '0.0.0.0';
  const base = `${https ? 'https' : 'http'}://${formatListen(anywhere ? { ...listen, host: 'localhost' } : listen)}`;
  // In one piece: whoever waits for the first line has them all.
  say(
    [
      `烽台 Beacontower ${VERSION} is ready, ${(tookMs / 1000).toFixed(1)} s after its start`,
      `  watching   ${watched}`,
      `  console    ${base}/`,
      ...(firstPasswords === null ? [] : [`  sign in    with a first password of ${firstPasswords} (for your eyes alone)`]),
      `  API        ${base}/api/v1`,
      `  reference  ${base}/docs`,
      `  health     ${base}/readyz   metrics ${base}/metrics`,
      `  token      ${token}`,
      ...(federation === null
        ? []
        : [`  nodes      report to ${listenerUrl(federation)}; to let one in: scripts/beacontower federation --help`]),
      `  data       ${dataDirectory}`,
      '  Ctrl-C stops it; SIGHUP reads the configuration again',
    ].join('\n'),
  );
}

/** As invitations name it. */
function listenerUrl({ listen, names }: { readonly listen: ListenAddress; readonly names: readonly string[] }): string {
  return `https://${formatListen({ ...listen, host: names[0] ?? listen.host })}`;
}

/** The command, as it can be copied, that makes a token which may also change things on the node of this data directory. */
export function tokenCommandFor(dataDirectory: string): string {
  const quoted = /^[\w./-]+$/.test(dataDirectory) ? dataDirectory : `'${dataDirectory.replaceAll("'", "'\\''")}'`;
  return `scripts/beacontower token create --name NAME --role operator --data ${quoted}`;
}
