import type { SelfReport } from '@beacontower/contracts';
import type { HeartbeatSettings } from '@beacontower/runtime';
import { mayBeat } from './judge.ts';

/** How one beat ended. `words` hold no part of the address: whoever knows it could keep the watch quiet. */
export interface BeatResult {
  readonly kind: 'sent' | 'failure-told' | 'withheld' | 'refused' | 'unreachable';
  readonly words: string;
}

/**
 * Sends one beat, or none. While the node works its address is asked (POST of what is found, or GET); while it does not, nothing is
 * sent, so that the service outside raises its alarm, or the address for failures is told. A redirect is not followed: a beat that goes
 * elsewhere proves nothing. Never rejects.
 */
export async function beat(settings: HeartbeatSettings & { readonly timeoutMs: number }, report: SelfReport): Promise<BeatResult> {
  const works = mayBeat(report.status);
  // Not yet proven is no failure: nobody is told of a start.
  if (!works && (report.status === 'starting' || settings.failUrl === null))
    return { kind: 'withheld', words: `withheld: the node is ${report.status}` };
  const { address, authorization } = addressed(works ? settings.url : (settings.failUrl ?? settings.url));
  try {
    const response = await fetch(address, {
      method: settings.method,
      redirect: 'manual',
      signal: AbortSignal.timeout(settings.timeoutMs),
      headers: {
        ...authorization,
        'User-Agent': 'Beacontower/1',
        ...(settings.method === 'POST' ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(settings.method === 'POST' ? { body: bodyOf(report) } : {}),
    });
    await response.body?.cancel();
    if (!response.ok) return { kind: 'refused', words: refusal(response.status) };
    return works ? { kind: 'sent', words: 'sent' } : { kind: 'failure-told', words: 'the failure was told' };
  } catch (error) {
    return { kind: 'unreachable', words: `not sent: ${reasonOf(error, settings.timeoutMs)}` };
  }
}

/** A user and password in an address go into a header: `fetch` asks no address that holds them. */
function addressed(text: string): { readonly address: URL; readonly authorization: Readonly<Record<string, string>> } {
  const address = new URL(text);
  const { username, password } = address;
  if (username === '' && password === '') return { address, authorization: {} };
  address.username = '';
  address.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address, authorization: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

function refusal(status: number): string {
  return status >= 300 && status < 400 ? `refused: redirected (${status}); redirects are not followed` : `refused: answered ${status}`;
}

function bodyOf({ status, node, at, findings }: SelfReport): string {
  return JSON.stringify({
    status,
    node,
    at,
    findings: findings.map(({ code, severity, subject, text, since }) => ({ code, severity, subject, text, since })),
  });
}

/** Only a code or our own words: messages of the HTTP client may name the address. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause: unknown = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  const code = inner instanceof Error ? (inner as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : 'the connection failed';
}
