import type { ChannelBody } from '@beacontower/contracts';
import { judgeStatus, retryAfterMs } from '@beacontower/domain';
import { type SendResult, shortened } from '@beacontower/mail';
import { withoutCredentials } from '@beacontower/runtime';
import type { ChannelDependencies, ChannelSender, Outgoing } from './channel.ts';
import { signatureOf } from './signature.ts';

type WebhookChannel = Extract<ChannelBody, { kind: 'webhook' }>;

const MOST_RESPONSE_BYTES = 2_048;
/** Failures before the request left: the receiver cannot have seen it. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Posts the event as signed JSON. Redirects are not followed: an alarm goes where it was meant to go or nowhere. */
export function createWebhookSender({ secrets }: ChannelDependencies): ChannelSender<WebhookChannel> {
  return {
    inDoubt: () => 'resend',
    close: () => undefined,
    async send(outgoing) {
      const body = JSON.stringify(outgoing.messages[0]);
      const secret = await secrets(outgoing.channel.secret);
      try {
        const response = await fetch(outgoing.channel.url, {
          method: 'POST',
          redirect: 'manual',
          signal: AbortSignal.timeout(outgoing.channel.timeoutMs),
          headers: headersOf(outgoing, signatureOf(body, secret, outgoing.now)),
          body,
        });
        return await resultOf(response, outgoing.now);
      } catch (error) {
        return failureOf(error, outgoing.channel.timeoutMs);
      }
    },
  };
}

function headersOf(outgoing: Outgoing<WebhookChannel>, signature: string): Record<string, string> {
  return {
    'Content-Type': 'application/json; charset=utf-8',
    'User-Agent': 'Beacontower/1',
    'X-Beacontower-Signature': signature,
    'X-Beacontower-Delivery': outgoing.delivery,
    'X-Beacontower-Attempt': String(outgoing.attempt),
  };
}

async function resultOf(response: Response, now: number): Promise<SendResult> {
  const outcome = judgeStatus(response.status);
  const text = shortened(await readSome(response).catch(() => ''));
  return {
    outcome,
    status: response.status,
    response: text === '' ? null : text,
    error: outcome === 'delivered' ? null : `the receiver answered ${response.status}`,
    retryAfterMs: outcome === 'retry' ? retryAfterMs(response.headers.get('retry-after'), now) : null,
    digest: null,
  };
}

/** At most 2 kB of the body; a receiver that sends without end is cut off. */
async function readSome(response: Response): Promise<string> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < MOST_RESPONSE_BYTES) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    chunks.push(value);
    size += value.byteLength;
  }
  await reader.cancel();
  return Buffer.concat(chunks).subarray(0, MOST_RESPONSE_BYTES).toString('utf8');
}

function failureOf(error: unknown, timeoutMs: number): SendResult {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = codeOf(cause);
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const surelyNotSent = code !== undefined && (BEFORE_SENDING.has(code) || /^(ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/.test(code));
  const text = timedOut ? `no answer within ${timeoutMs} ms` : cause instanceof Error ? cause.message : String(cause);
  return {
    outcome: surelyNotSent ? 'retry' : 'in-doubt',
    status: null,
    response: null,
    error: shortened(withoutCredentials(code && !text.includes(code) ? `${code}: ${text}` : text)),
    retryAfterMs: null,
    digest: null,
  };
}

// A host with several addresses fails with one error for each: it was not sent only if each says so.
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) {
    const codes = error.errors.map(codeOf);
    return codes.find((code) => code === undefined || !BEFORE_SENDING.has(code)) ?? codes[0];
  }
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
